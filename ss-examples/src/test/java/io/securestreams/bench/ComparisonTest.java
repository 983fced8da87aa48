package io.securestreams.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Row ROW = Row.ALL.get(0);

  @Test
  void givesTheMedianOfTheRatiosOfNeighboursInTime() {
    Comparison comparison = new Comparison();

    // The machine was busy in the second slice: both columns suffered, their ratio did not.
    comparison.add(
        ROW,
        Map.of(
            Column.SECURE_STREAM, List.of(speed(1000), speed(110)),
            Column.RAW, List.of(speed(1000), speed(100)),
            Column.SPRING, List.of(speed(500), speed(50))));
    comparison.add(
        ROW,
        Map.of(
            Column.SECURE_STREAM, List.of(speed(900)),
            Column.RAW, List.of(speed(1000)),
            Column.SPRING, List.of(speed(500))));

    assertThat(comparison.table())
        .contains("| " + ROW.title() + " | 900; 8 B; 2.0 µs | 1000; 8 B; 2.0 µs | 500;")
        .contains("| 1.00 (met) | 1.00 |");
  }

  @Test
  void saysWhichRowMissesTheAim() {
    Comparison comparison = new Comparison();

    comparison.add(
        ROW,
        Map.of(
            Column.SECURE_STREAM, List.of(speed(94)),
            Column.RAW, List.of(speed(100)),
            Column.SPRING, List.of(speed(50))));

    assertThat(comparison.table()).contains("0.94 (below 0.95)");
  }

  @Test
  void readsTheSamplesOfAProcess() {
    Sample sample = new Sample(1234.5, 8, 0.25);

    assertThat(Sample.parse(sample.line())).contains(sample);
    assertThat(Sample.parse("# Warmup Iteration 1")).isEmpty();
    assertThat(Sample.parse("a b c d")).isEmpty();
  }

  private static Sample speed(double opsPerSecond) {
    return new Sample(opsPerSecond, 8, 2);
  }
}
