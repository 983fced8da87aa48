package io.securestreams.bench;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs all benchmarks and prints their tables.
 *
 * <p>Machines are noisy. So each column of a row has its own process, and these take turns of a
 * quarter of a second; a round does so for every row with new processes; and the table is made of
 * medians over all rounds.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp ss-examples/target/ss-examples.jar io.securestreams.bench.Bench --quick
 * }</pre>
 */
public final class Bench {

  /** How long a run takes. */
  private enum Effort {
    /** About ten minutes. */
    QUICK(1, 6, 8, 5, 7),
    /** About half an hour. */
    FULL(3, 8, 20, 20, 25);

    private final int rounds;
    private final int warmups;
    private final int iterations;
    private final int idleSeconds;
    private final int coldStarts;

    Effort(int rounds, int warmups, int iterations, int idleSeconds, int coldStarts) {
      this.rounds = rounds;
      this.warmups = warmups;
      this.iterations = iterations;
      this.idleSeconds = idleSeconds;
      this.coldStarts = coldStarts;
    }
  }

  private Bench() {}

  /**
   * Runs them.
   *
   * @param args {@code --quick} for a first look; {@code --only=REGEX} for some rows, the last two
   *     being {@code idle} and {@code policy}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Effort effort = Effort.FULL;
    Pattern only = Pattern.compile("");
    for (String arg : args) {
      if (arg.equals("--quick")) {
        effort = Effort.QUICK;
      } else if (arg.startsWith("--only=")) {
        only = Pattern.compile(arg.substring("--only=".length()));
      } else {
        System.err.println("usage: " + Bench.class.getName() + " [--quick] [--only=REGEX]");
        System.exit(2);
      }
    }
    run(effort, only);
  }

  private static void run(Effort effort, Pattern only) throws IOException, InterruptedException {
    List<Row> wanted = Row.ALL.stream().filter(row -> only.matcher(row.title()).find()).toList();
    List<Row> rows = wanted.stream().filter(Row::possible).toList();
    wanted.stream()
        .filter(row -> !row.possible())
        .forEach(row -> System.err.println("skipped, needs native QUIC: " + row.title()));
    Comparison comparison = new Comparison();
    try (ServerProcess server = ServerProcess.start()) {
      for (int round = 1; round <= effort.rounds; round++) {
        for (Row row : rows) {
          System.err.println("round " + round + " of " + effort.rounds + ": " + row.title());
          try (Contest contest = new Contest(row, server, effort.warmups, effort.iterations)) {
            comparison.add(row, contest.run());
          }
        }
      }
    }
    if (!rows.isEmpty()) {
      System.out.println(comparison.table());
    }
    if (only.matcher("idle").find()) {
      System.err.println("idle streams");
      System.out.println(IdleStreams.table(effort.idleSeconds));
    }
    if (only.matcher("policy").find()) {
      System.err.println("policies");
      System.out.println(PolicyCosts.table(effort.coldStarts));
    }
  }
}
