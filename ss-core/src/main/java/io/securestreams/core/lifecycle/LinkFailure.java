package io.securestreams.core.lifecycle;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import java.util.Objects;

/**
 * Why an attempt failed or a connection ended.
 *
 * @param kind what failed
 * @param detail one sentence that names peer and cause; empty if there is nothing to add
 * @param retryAfterMs the wait before the next attempt is at least this, in ms; 0 for none. Source:
 *     Retry-After (RFC 9110) of a 503 or 429
 * @param resend whether another attempt may send the current message again
 * @param ordinal the reference's {@code ack} argument of UNREACHABLE: 1 if no name server could be
 *     asked, else 0
 */
public record LinkFailure(
    FailureKind kind, String detail, long retryAfterMs, Resend resend, long ordinal) {

  /** The {@link #ordinal} of a failure where no name server gave an answer. */
  public static final long NO_NAME_SERVER = 1;

  /** Whether another attempt may send the current message again. */
  public enum Resend {
    /** Nothing reached the peer, or sending it twice does no harm. */
    ALLOWED,
    /** The message may have reached the peer: the series of attempts ends here. */
    FORBIDDEN
  }

  /** Checks the components. */
  public LinkFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(resend, "resend");
    if (retryAfterMs < 0) {
      throw new IllegalArgumentException("retry after " + retryAfterMs + " ms");
    }
  }

  /**
   * A failure after which the message may be sent again, with the policy's own wait.
   *
   * @param kind what failed
   * @param detail one sentence, or empty
   */
  public static LinkFailure of(FailureKind kind, String detail) {
    return new LinkFailure(kind, detail, 0, Resend.ALLOWED, 0);
  }

  /**
   * The failure behind a transport's exception; the message may be sent again.
   *
   * @param failure the exception
   */
  public static LinkFailure of(LinkException failure) {
    return of(failure.kind(), Objects.requireNonNullElse(failure.getMessage(), ""));
  }

  /**
   * This failure with a lower bound for the wait.
   *
   * @param floorMs ms, 0 for none
   */
  public LinkFailure withRetryAfter(long floorMs) {
    return new LinkFailure(kind, detail, floorMs, resend, ordinal);
  }

  /** This failure after which the message must not be sent again. */
  public LinkFailure withoutResend() {
    return new LinkFailure(kind, detail, retryAfterMs, Resend.FORBIDDEN, ordinal);
  }

  /**
   * This failure with the reference's {@code ack} argument.
   *
   * @param value {@link #NO_NAME_SERVER} or 0
   */
  public LinkFailure withOrdinal(long value) {
    return new LinkFailure(kind, detail, retryAfterMs, resend, value);
  }
}
