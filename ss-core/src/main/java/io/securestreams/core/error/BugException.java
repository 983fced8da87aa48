package io.securestreams.core.error;

import org.jspecify.annotations.Nullable;

/** An invariant of this library broke. It is never the caller's fault; please report it. */
public final class BugException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected and what was found
   * @param cause what led to it, or null
   */
  public BugException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates the exception without a cause.
   *
   * @param message what was expected and what was found
   */
  public BugException(String message) {
    this(message, null);
  }
}
