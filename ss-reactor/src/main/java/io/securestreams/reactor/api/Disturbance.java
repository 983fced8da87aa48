package io.securestreams.reactor.api;

import io.securestreams.core.policy.SwapEffect;
import java.util.Objects;

/**
 * What a new policy did to the streams of one type that existed. For a server type its listeners
 * are counted; what becomes of the streams that they accepted follows from the effect.
 *
 * @param streamType the stream type
 * @param effect what happened to them; never NONE or ADDED
 * @param streams how many of them there were when the policy was swapped, 1 or more
 */
public record Disturbance(String streamType, SwapEffect effect, int streams) {

  /** Checks the components. */
  public Disturbance {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(effect, "effect");
    if (streams < 1) {
      throw new IllegalArgumentException("nobody is disturbed: " + streams);
    }
  }
}
