package io.securestreams.core.plan;

/**
 * What follows the headers of a message, and how its end is marked.
 *
 * @param kind whether and how a body is framed
 * @param length bytes of the body if {@code kind} is {@link Kind#LENGTH}, else 0
 */
public record BodyPlan(Kind kind, long length) {

  /** No body. */
  public static final BodyPlan NONE = new BodyPlan(Kind.NONE, 0);

  /** A body of unknown length: chunked over h1. */
  public static final BodyPlan CHUNKED = new BodyPlan(Kind.CHUNKED, 0);

  /** How the end of a body is marked. */
  public enum Kind {
    /** There is none. */
    NONE,
    /** By {@code content-length}. */
    LENGTH,
    /** By chunked transfer coding, or by the protocol's own end mark. */
    CHUNKED
  }

  /**
   * A body with {@code content-length}.
   *
   * @param length bytes, 0 or more
   */
  public static BodyPlan ofLength(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative body length " + length);
    }
    return new BodyPlan(Kind.LENGTH, length);
  }
}
