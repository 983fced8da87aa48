package io.securestreams.reactor.retry;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose peer asked to wait: {@link PolicyRetry} waits at least that long.
 *
 * <p>Applications signal it, or a subclass, from sources that know of such a wish, for example an
 * http client that was answered 503 or 429. {@link
 * io.securestreams.core.plan.RetryAfter#parse(String, java.util.Optional, java.time.Instant)} reads
 * the header. Streams of this library need none of this: they honour the header by themselves.
 */
public class RetryAfterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Causes looked at: chains can be circular. */
  private static final int DEPTH_MAX = 32;

  private final Duration retryAfter;

  /**
   * Creates the exception.
   *
   * @param message one sentence that names the peer and what it answered
   * @param retryAfter the wait that the peer asked for, zero or more
   * @param cause what led to it, or null
   * @throws IllegalArgumentException if the wait is negative
   */
  public RetryAfterException(String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("negative retryAfter " + retryAfter);
    }
    this.retryAfter = retryAfter;
  }

  /**
   * Creates the exception without a cause.
   *
   * @param message one sentence that names the peer and what it answered
   * @param retryAfter the wait that the peer asked for, zero or more
   * @throws IllegalArgumentException if the wait is negative
   */
  public RetryAfterException(String message, Duration retryAfter) {
    this(message, retryAfter, null);
  }

  /** The wait that the peer asked for. */
  public final Duration retryAfter() {
    return retryAfter;
  }

  /**
   * The wait that a failure, or one of its causes, asks for.
   *
   * @param failure any failure
   * @return zero if none asks for one
   */
  public static Duration floorOf(Throwable failure) {
    Throwable current = Objects.requireNonNull(failure, "failure");
    for (int depth = 0; current != null && depth < DEPTH_MAX; depth++) {
      if (current instanceof RetryAfterException asking) {
        return asking.retryAfter();
      }
      current = current.getCause();
    }
    return Duration.ZERO;
  }
}
