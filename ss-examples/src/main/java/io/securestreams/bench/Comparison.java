package io.securestreams.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All samples of a run, and the table that they give. */
final class Comparison {

  private static final double AIM = 0.95;

  private final Map<Row, Map<Column, List<Sample>>> samples = new LinkedHashMap<>();

  /**
   * Adds samples; those of the same place in the lists were measured right after each other.
   *
   * @param more as many for each column
   */
  void add(Row row, Map<Column, List<Sample>> more) {
    Map<Column, List<Sample>> cells =
        samples.computeIfAbsent(row, r -> new EnumMap<>(Column.class));
    more.forEach(
        (column, list) -> cells.computeIfAbsent(column, c -> new ArrayList<>()).addAll(list));
  }

  /**
   * A table in Markdown. Each number is the median of all iterations, each ratio the median of the
   * ratios of neighbours in time.
   */
  String table() {
    StringBuilder table = new StringBuilder("| per second; B/op; CPU/op |");
    for (Column column : Column.values()) {
      table.append(' ').append(column.title()).append(" |");
    }
    table.append(" speed to Reactor Netty | CPU to Reactor Netty |\n|---|");
    table.append("---|".repeat(Column.values().length + 2)).append('\n');
    samples.forEach((row, cells) -> table.append(line(row, cells)));
    return table.toString();
  }

  private static String line(Row row, Map<Column, List<Sample>> cells) {
    StringBuilder line = new StringBuilder("| ").append(row.title()).append(" |");
    for (Column column : Column.values()) {
      if (!row.columns().contains(column)) {
        line.append(" |");
        continue;
      }
      Sample median = Sample.median(cells.getOrDefault(column, List.of()));
      line.append(
          String.format(
              Locale.ROOT,
              " %.0f; %.0f B; %.1f µs |",
              median.opsPerSecond(),
              median.bytesPerOp(),
              median.cpuMicros()));
    }
    double speed = ratio(cells, Sample::opsPerSecond);
    return line.append(
            String.format(
                Locale.ROOT,
                " %.2f %s | %.2f |%n",
                speed,
                speed >= AIM ? "(met)" : "(below " + AIM + ")",
                ratio(cells, Sample::cpuMicros)))
        .toString();
  }

  private static double ratio(Map<Column, List<Sample>> cells, ToDoubleFunction<Sample> number) {
    List<Sample> ours = cells.getOrDefault(Column.SECURE_STREAM, List.of());
    List<Sample> raw = cells.getOrDefault(Column.RAW, List.of());
    List<Double> ratios =
        IntStream.range(0, Math.min(ours.size(), raw.size()))
            .mapToObj(i -> number.applyAsDouble(ours.get(i)) / number.applyAsDouble(raw.get(i)))
            .toList();
    return Sample.median(ratios, Double::doubleValue);
  }
}
