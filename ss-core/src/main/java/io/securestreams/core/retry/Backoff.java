package io.securestreams.core.retry;

import io.securestreams.core.policy.RetryScheme;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The policy's backoff: failures so far and a random number in, a decision out.
 *
 * <p>Jitter only adds. Source: {@code lws_retry_get_delay_ms}, {@code lws_ss_backoff}.
 */
public final class Backoff {

  /** Draws are 0 (inclusive) to this (exclusive). */
  public static final int DRAW_BOUND = 65536;

  /** The highest value of the failure counter; it stays there. */
  public static final int COUNT_MAX = 65535;

  private static final long DEFAULT_BASE = 3000;
  private static final int DEFAULT_JITTER = 30;

  private static final Backoff NONE = new Backoff(List.of(), DEFAULT_JITTER, -1);

  private final long[] table;
  private final int jitter;

  /** Failures that a retry follows; -1 if there is no scheme. */
  private final int conceal;

  private Backoff(List<Long> table, int jitter, int conceal) {
    this.table = table.stream().mapToLong(Long::longValue).toArray();
    this.jitter = jitter;
    this.conceal = conceal;
  }

  /**
   * What follows a failure.
   *
   * @param failures failures of the series, this one included
   * @param retry whether another attempt follows
   * @param delayMs the wait before it in ms, 0..4294967295 or the floor if that is longer; computed
   *     even if none follows
   */
  public record Decision(int failures, boolean retry, long delayMs) {}

  /**
   * The backoff of a scheme.
   *
   * @param scheme empty means that nothing is ever retried
   */
  public static Backoff of(Optional<RetryScheme> scheme) {
    return scheme.map(Backoff::of).orElse(NONE);
  }

  /**
   * The backoff of a scheme.
   *
   * @param scheme the scheme
   */
  public static Backoff of(RetryScheme scheme) {
    Objects.requireNonNull(scheme, "scheme");
    int jitter = scheme.jitter() == 0 ? DEFAULT_JITTER : scheme.jitter();
    return new Backoff(scheme.backoff(), jitter, scheme.conceal());
  }

  /**
   * Decides what follows a failure.
   *
   * @param failures failures of the series before this one, 0..65535
   * @param draw uniform random number, 0..65535
   * @param floorMs the wait is at least this, in ms (Retry-After); 0 for none
   * @throws IllegalArgumentException if a number is out of range
   */
  public Decision fail(int failures, int draw, long floorMs) {
    if (failures < 0 || failures > COUNT_MAX) {
      throw new IllegalArgumentException("failures " + failures + " is not in 0..65535");
    }
    if (draw < 0 || draw >= DRAW_BOUND) {
      throw new IllegalArgumentException("draw " + draw + " is not in 0..65535");
    }
    long base = table.length == 0 ? DEFAULT_BASE : table[Math.min(failures, table.length - 1)];
    long delay = (base + base * jitter * draw / DRAW_BOUND / 100) & 0xffffffffL;
    int count = Math.min(failures + 1, COUNT_MAX);
    return new Decision(count, count <= conceal, Math.max(delay, floorMs));
  }
}
