package io.securestreams.reactor.api;

import java.util.Objects;

/**
 * What a new policy does to the streams of one type that exist.
 *
 * @param streamType the stream type
 * @param kind what happens to them
 * @param streams how many of them there were when the policy was swapped, 1 or more
 */
public record Disturbance(String streamType, Kind kind, int streams) {

  /** What happens to a stream. */
  public enum Kind {
    /** A client goes on by the new policy, with another connection if it has one. */
    MOVED,
    /** The stream type is gone, or may not be used like that any more: the stream ends. */
    ENDED,
    /** A listener moves to another address; streams that it accepted end. */
    REBOUND,
    /** A listener stays where it is but TLS comes or goes; streams that it accepted end. */
    SECURED,
    /** A listener says other things to connections that come from now on; nobody is cut off. */
    RENEWED
  }

  /** Checks the components. */
  public Disturbance {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(kind, "kind");
    if (streams < 1) {
      throw new IllegalArgumentException("nobody is disturbed: " + streams);
    }
  }
}
