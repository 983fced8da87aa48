package io.securestreams.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One line of the table: a benchmark with its parameters, run once for each column.
 *
 * @param title how the table calls it
 * @param type the class that holds the benchmark
 * @param method the benchmark
 * @param parameters its parameters beside the column
 * @param columns those that can do it
 */
record Row(
    String title,
    Class<?> type,
    String method,
    Map<String, String> parameters,
    Set<Column> columns) {

  private static final Set<Column> EVERYBODY = EnumSet.allOf(Column.class);
  private static final Set<Column> NETTY = EnumSet.complementOf(EnumSet.of(Column.JDK));
  private static final Set<Column> PLAIN = EnumSet.of(Column.SECURE_STREAM, Column.RAW);

  /** All rows, in the order of the table. */
  static final List<Row> ALL =
      List.of(
          get("h1 GET, 1 at a time", "oneAtATime", Wire.H1, Engine.JDK),
          get("h1 GET, 64 at a time", "many", Wire.H1, Engine.JDK),
          get("h1 GET over TLS (JDK), 64 at a time", "many", Wire.H1_TLS, Engine.JDK),
          get("h1 GET over TLS (BoringSSL), 64 at a time", "many", Wire.H1_TLS, Engine.BORINGSSL),
          get("h2c GET, 1 at a time", "oneAtATime", Wire.H2C, Engine.JDK),
          get("h2c GET, 64 streams", "many", Wire.H2C, Engine.JDK),
          get("h2 GET over TLS (JDK), 1 at a time", "oneAtATime", Wire.H2_TLS, Engine.JDK),
          get("h2 GET over TLS (JDK), 64 streams", "many", Wire.H2_TLS, Engine.JDK),
          get("h2 GET over TLS (BoringSSL), 64 streams", "many", Wire.H2_TLS, Engine.BORINGSSL),
          h3("h3 GET, 1 at a time", "oneAtATime"),
          h3("h3 GET, 64 streams", "many"),
          new Row("h1 download, MiB", BulkBenchmark.class, "download", Map.of(), EVERYBODY),
          new Row("h1 upload, MiB", BulkBenchmark.class, "upload", Map.of(), EVERYBODY),
          new Row("raw TCP in, MiB", RawBenchmark.class, "in", Map.of(), PLAIN),
          new Row("raw TCP out, MiB", RawBenchmark.class, "out", Map.of(), PLAIN),
          echo("ws echo, 128 B, ping-pong", "pingPong", "128"),
          echo("ws echo, 128 B, 64 in flight", "pipelined", "128"),
          echo("ws echo, 4 KiB, ping-pong", "pingPong", "4096"),
          echo("ws echo, 4 KiB, 64 in flight", "pipelined", "4096"),
          new Row(
              "local sink (Reactor: unicast sink), 128 B, 64 in flight",
              SinkBenchmark.class,
              "messages",
              Map.of(),
              PLAIN));

  /** False if this platform lacks what the row goes over. */
  boolean possible() {
    String wire = parameters.get("wire");
    return wire == null || Wire.available().contains(Wire.valueOf(wire));
  }

  private static Row echo(String title, String method, String bytes) {
    return new Row(title, EchoBenchmark.class, method, Map.of("bytes", bytes), EVERYBODY);
  }

  /** QUIC has an engine of its own, and the JDK of this version does not speak it. */
  private static Row h3(String title, String method) {
    Map<String, String> parameters = Map.of("wire", Wire.H3.name(), "engine", Engine.JDK.name());
    return new Row(title, HttpGetBenchmark.class, method, parameters, NETTY);
  }

  /** The JDK cannot choose its engine, and reaches h2 without TLS by an upgrade only. */
  private static Row get(String title, String method, Wire wire, Engine engine) {
    return new Row(
        title,
        HttpGetBenchmark.class,
        method,
        Map.of("wire", wire.name(), "engine", engine.name()),
        engine == Engine.BORINGSSL ? NETTY : EVERYBODY);
  }
}
