package io.securestreams.reactor.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of connections whose stream type says other things in a new policy. Those whose
 * stream type did not change are never touched.
 *
 * @param drainLimit how long a changed stream may go on with its old connection until what it has
 *     begun is done: the running transaction over http; messages under way, in both directions, on
 *     a session. Zero cuts at once
 */
public record SwapMode(Duration drainLimit) {

  /** Changed connections are closed at once; a message under way fails and says so. */
  public static final SwapMode CUT = new SwapMode(Duration.ZERO);

  /** Checks the limit. */
  public SwapMode {
    if (Objects.requireNonNull(drainLimit, "drainLimit").isNegative()) {
      throw new IllegalArgumentException("a drain limit cannot be negative: " + drainLimit);
    }
  }

  /**
   * Changed connections end what they have begun, then make room for new ones.
   *
   * @param limit what is not done by then is cut
   */
  public static SwapMode drain(Duration limit) {
    return new SwapMode(limit);
  }
}
