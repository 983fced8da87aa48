package io.securestreams.tool;

import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What a retry scheme does after each failure of a series.
 *
 * @param rows one for each failure, in order
 */
record RetryTable(List<Row> rows) {

  /** Copies the rows. */
  RetryTable {
    rows = List.copyOf(rows);
  }

  /**
   * What follows one failure. The waits are also there when none follows.
   *
   * @param failure 1 for the first of the series
   * @param minMs the shortest wait
   * @param maxMs the longest wait
   * @param drawnMs the wait of this run
   * @param elapsedMs all waits of this run so far, this one included
   * @param retry whether another attempt follows
   */
  record Row(int failure, long minMs, long maxMs, long drawnMs, long elapsedMs, boolean retry) {}

  /**
   * Plays a series in which every attempt fails at once.
   *
   * @param scheme the scheme
   * @param attempts 1..65535
   * @param random draws the jitter
   */
  static RetryTable of(RetryScheme scheme, int attempts, RandomGenerator random) {
    Backoff backoff = Backoff.of(scheme);
    List<Row> rows = new ArrayList<>();
    long elapsed = 0;
    for (int failures = 0; failures < attempts; failures++) {
      long min = backoff.fail(failures, 0, 0).delayMs();
      long max = backoff.fail(failures, Backoff.DRAW_BOUND - 1, 0).delayMs();
      Backoff.Decision drawn = backoff.fail(failures, random.nextInt(Backoff.DRAW_BOUND), 0);
      elapsed += drawn.delayMs();
      rows.add(new Row(drawn.failures(), min, max, drawn.delayMs(), elapsed, drawn.retry()));
    }
    return new RetryTable(rows);
  }

  /** The attempts that show a scheme whole: up to its end, or past the end of its table. */
  static int usualAttempts(RetryScheme scheme) {
    int pastTable = scheme.backoff().size() + 2;
    return scheme.conceal() < 20 ? scheme.conceal() + 1 : pastTable;
  }

  /** The table in lines for people, heading included. */
  List<String> lines(RetryScheme scheme, Palette palette) {
    List<String> lines = new ArrayList<>();
    lines.add(palette.strong("retry scheme '" + scheme.name() + "'") + ": " + summary(scheme));
    lines.add(
        palette.dim(
            String.format(
                Locale.ROOT,
                "%7s  %10s  %10s  %10s  %12s  %s",
                "failure",
                "min ms",
                "max ms",
                "drawn ms",
                "elapsed",
                "then")));
    boolean over = false;
    for (Row row : rows) {
      String text =
          String.format(
              Locale.ROOT,
              "%7d  %10d  %10d  %10d  %12s  ",
              row.failure(),
              row.minMs(),
              row.maxMs(),
              row.drawnMs(),
              DurationText.format(Duration.ofMillis(row.elapsedMs())));
      if (row.retry()) {
        lines.add(text + palette.good("retry"));
      } else {
        String end = over ? "not used" : "ALL_RETRIES_FAILED: concealment ends, no wait";
        lines.add(palette.dim(text) + (over ? palette.dim(end) : palette.bad(end)));
        over = true;
      }
    }
    if (scheme.conceal() == RetryScheme.FOREVER) {
      lines.add(palette.dim("    ...  and so on: it never gives up"));
    }
    return lines;
  }

  private static String summary(RetryScheme scheme) {
    String end =
        switch (scheme.conceal()) {
          case 0 -> "one attempt, no retry";
          case 1 -> "1 retry, then ALL_RETRIES_FAILED";
          case RetryScheme.FOREVER -> "retries for ever";
          default -> scheme.conceal() + " retries, then ALL_RETRIES_FAILED";
        };
    int jitter = scheme.jitter() == 0 ? 30 : scheme.jitter();
    return end + "; jitter adds up to " + jitter + " %";
  }
}
