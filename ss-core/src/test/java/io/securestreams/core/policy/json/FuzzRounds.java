package io.securestreams.core.policy.json;

import java.util.Random;

/**
 * The rounds of a fuzz test. Each can be repeated by itself: its number is all that chance depends
 * on. More of them: {@code -Dfuzz.rounds=1000000}; others: {@code -Dfuzz.first=1000000}.
 */
final class FuzzRounds {

  private static final int FIRST = Integer.getInteger("fuzz.first", 0);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1200);

  private FuzzRounds() {}

  /** One round. */
  interface Round {
    /** Does it; what goes wrong is thrown. */
    void run(Random random) throws Exception;
  }

  /** Runs all rounds; a failure says which one it was. */
  static void run(long seed, Round round) {
    for (int number = FIRST; number < FIRST + ROUNDS; number++) {
      try {
        round.run(new Random(seed * 1_000_003 + number * 7_919L));
      } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError failure) {
        String rerun = "-Dfuzz.first=" + number + " -Dfuzz.rounds=1";
        throw new AssertionError(
            "seed " + seed + ", round " + number + " (" + rerun + "): " + failure, failure);
      }
    }
  }
}
