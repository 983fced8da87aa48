package io.securestreams.core.plan;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What one attempt adds to its stream type.
 *
 * @param metadata values of declared names that are set
 * @param body whether a message waits to be sent with the request
 * @param bodyLength its length in bytes, if known before it is sent
 */
public record AttemptRequest(Map<String, String> metadata, Body body, OptionalLong bodyLength) {

  /** Nothing set and nothing to send. */
  public static final AttemptRequest EMPTY =
      new AttemptRequest(Map.of(), Body.ABSENT, OptionalLong.empty());

  /** Whether a message waits to be sent with the request. */
  public enum Body {
    /** Nothing to send. */
    ABSENT,
    /** A message waits. */
    PRESENT
  }

  /** Copies the values. */
  public AttemptRequest {
    metadata = Map.copyOf(metadata);
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(bodyLength, "bodyLength");
  }
}
