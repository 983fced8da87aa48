package io.securestreams.reactor.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of connections whose stream type says other things in a new policy. Those whose
 * stream type did not change are never touched.
 *
 * @param drainLimit 0 to 365 days: how long a changed stream may go on with its old connection
 *     until what it has begun is done: the running transaction over http; messages under way, in
 *     both directions, on a session. Zero cuts at once; empty leaves it alone for as long as it
 *     lasts
 */
public record SwapMode(Optional<Duration> drainLimit) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Changed connections are closed at once; a message under way fails and says so. */
  public static final SwapMode CUT = drain(Duration.ZERO);

  /**
   * Connections stay as they are; the new policy holds for a client's next connection, and a stream
   * whose type is gone ends once its connection has. Open listeners go on by the old policy,
   * certificates included, until a swap of another mode. That is how overlays come into force.
   * Source: {@code lws_ss_policy_overlay}.
   */
  public static final SwapMode KEEP = new SwapMode(Optional.empty());

  /** Checks the limit. */
  public SwapMode {
    Objects.requireNonNull(drainLimit, "drainLimit");
    drainLimit.ifPresent(
        limit -> {
          if (limit.isNegative() || limit.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a drain limit of 0 to 365 days, not " + limit);
          }
        });
  }

  /**
   * Changed connections end what they have begun, then make room for new ones.
   *
   * @param limit what is not done by then is cut
   */
  public static SwapMode drain(Duration limit) {
    return new SwapMode(Optional.of(limit));
  }

  /** True if connections are left alone. */
  public boolean isKeeping() {
    return drainLimit.isEmpty();
  }
}
