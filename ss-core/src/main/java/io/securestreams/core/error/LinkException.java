package io.securestreams.core.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection, or the attempt to get one, failed. */
public final class LinkException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  @Nullable private final String peer;

  /**
   * Creates the exception.
   *
   * @param kind what failed
   * @param message one sentence that names the peer and the value at fault
   * @param peer the address or name of the peer, or null when none was known yet
   * @param cause the native error, or null
   */
  public LinkException(
      FailureKind kind, String message, @Nullable String peer, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.peer = peer;
  }

  /**
   * Creates the exception without peer and cause.
   *
   * @param kind what failed
   * @param message one sentence
   */
  public LinkException(FailureKind kind, String message) {
    this(kind, message, null, null);
  }

  /** What failed. */
  public FailureKind kind() {
    return kind;
  }

  /** The peer, if one was known. */
  public Optional<String> peer() {
    return Optional.ofNullable(peer);
  }
}
