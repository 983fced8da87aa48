package io.securestreams.bench;

import java.util.List;
import java.util.Map;

/**
 * One line of the table: a benchmark with its parameters, run once for each column.
 *
 * @param title how the table calls it
 * @param type the class that holds the benchmark
 * @param method the benchmark
 * @param parameters its parameters beside the column
 */
record Row(String title, Class<?> type, String method, Map<String, String> parameters) {

  /** All rows, in the order of the table. */
  static final List<Row> ALL =
      List.of(
          new Row("h1 GET, 1 at a time", HttpGetBenchmark.class, "oneAtATime", Map.of()),
          new Row("h1 GET, 64 at a time", HttpGetBenchmark.class, "many", Map.of()),
          echo("ws echo, 128 B, ping-pong", "pingPong", "128"),
          echo("ws echo, 128 B, 64 in flight", "pipelined", "128"),
          echo("ws echo, 4 KiB, ping-pong", "pingPong", "4096"),
          echo("ws echo, 4 KiB, 64 in flight", "pipelined", "4096"));

  private static Row echo(String title, String method, String bytes) {
    return new Row(title, EchoBenchmark.class, method, Map.of("bytes", bytes));
  }
}
