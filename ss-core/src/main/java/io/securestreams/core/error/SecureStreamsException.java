package io.securestreams.core.error;

import org.jspecify.annotations.Nullable;

/** The root of every exception this library throws or signals on purpose. */
public abstract class SecureStreamsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the place and the way out; never a secret
   * @param cause what led to it, or null
   */
  protected SecureStreamsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
