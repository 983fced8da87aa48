package io.securestreams.tool;

import io.securestreams.core.policy.RetryScheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When many clients that lost one server at the same moment come back to it.
 *
 * @param scheme the retry scheme's name
 * @param clients how many
 * @param retries the moments of retry 1, 2, ..., each sorted, in ms after the loss
 */
record Spread(String scheme, int clients, List<long[]> retries) {

  /** Copies the list. */
  Spread {
    retries = List.copyOf(retries);
  }

  /**
   * Plays the series of every client; each attempt fails at once.
   *
   * @param attempts attempts of each client at most
   */
  static Spread of(RetryScheme scheme, int clients, int attempts, RandomGenerator random) {
    List<long[]> retries = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      List<RetryTable.Row> rows = RetryTable.of(scheme, attempts, random).rows();
      for (int i = 0; i < rows.size() && rows.get(i).retry(); i++) {
        if (retries.size() <= i) {
          retries.add(new long[clients]);
        }
        retries.get(i)[client] = rows.get(i).elapsedMs();
      }
    }
    retries.forEach(Arrays::sort);
    return new Spread(scheme.name(), clients, retries);
  }

  /** The last moment of all. */
  long endMs() {
    return retries.isEmpty() ? 0 : last(retries.get(retries.size() - 1));
  }

  static long last(long[] sorted) {
    return sorted[sorted.length - 1];
  }

  /**
   * How many moments fall into each slot.
   *
   * @param moments any moments
   * @param slotMs width of a slot
   * @param slots number of slots
   */
  static int[] histogram(long[] moments, long slotMs, int slots) {
    int[] counts = new int[slots];
    for (long moment : moments) {
      counts[(int) Math.min(moment / slotMs, slots - 1)]++;
    }
    return counts;
  }
}
