package io.securestreams.reactor.api;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.SecureStreamsException;
import org.jspecify.annotations.Nullable;

/** A stream could not do what was asked: retries are exhausted, or the peer said no. */
public final class StreamFailedException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  private final String streamType;
  private final FailureKind kind;

  /**
   * Creates the exception.
   *
   * @param streamType the stream type
   * @param kind what failed
   * @param message one sentence that names stream type, peer and way out
   * @param cause the native error, or null
   */
  public StreamFailedException(
      String streamType, FailureKind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.streamType = streamType;
    this.kind = kind;
  }

  /** The stream type. */
  public String streamType() {
    return streamType;
  }

  /** What failed. */
  public FailureKind kind() {
    return kind;
  }
}
