package io.securestreams.core.plan;

import io.securestreams.core.system.SystemBlobs;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one attempt adds to its stream type.
 *
 * @param metadata values of declared names that are set
 * @param body whether a message waits to be sent with the request
 * @param bodyLength its length in bytes, with all that stands around it, if known before it is sent
 * @param blobs tokens and identity, read when the request is made
 * @param form what stands around the parts of the body; empty if the body is the message alone
 */
public record AttemptRequest(
    Map<String, String> metadata,
    Body body,
    OptionalLong bodyLength,
    SystemBlobs blobs,
    Optional<MultipartForm> form) {

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
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(form, "form");
  }

  /**
   * Without tokens or identity.
   *
   * @param metadata values of declared names that are set
   * @param body whether a message waits to be sent with the request
   * @param bodyLength its length in bytes, if known before it is sent
   */
  public AttemptRequest(Map<String, String> metadata, Body body, OptionalLong bodyLength) {
    this(metadata, body, bodyLength, new SystemBlobs(), Optional.empty());
  }

  /**
   * The same with tokens and identity.
   *
   * @param known read when the request is made
   */
  public AttemptRequest withBlobs(SystemBlobs known) {
    return new AttemptRequest(metadata, body, bodyLength, known, form);
  }

  /**
   * The same with a body in parts.
   *
   * @param around what stands around the parts; {@link #bodyLength} must count it
   */
  public AttemptRequest inParts(MultipartForm around) {
    return new AttemptRequest(metadata, body, bodyLength, blobs, Optional.of(around));
  }
}
