package io.securestreams.reactor.transport.http;

import org.jspecify.annotations.Nullable;

/**
 * Holds the bytes of a body against its {@code content-length}, where the protocol marks the end by
 * itself. Source: RFC 9113 section 8.1.1, RFC 9114 section 4.1.2.
 */
public final class BodyCount {

  /** A longer number does not fit a long. */
  private static final int DIGITS_MAX = 18;

  private static final long ANY = -1;

  private long announced = ANY;
  private long counted;

  /** Takes note of a final head. */
  public void announced(ResponseHead head, String method) {
    boolean none = method.equals("HEAD") || head.status() == 204 || head.status() == 304;
    announced = none ? 0 : length(head.joined("content-length"));
  }

  private static long length(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > DIGITS_MAX) {
      return ANY;
    }
    return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(text) : ANY;
  }

  /** Counts bytes; returns false if they are too many. */
  public boolean add(int bytes) {
    counted += bytes;
    return announced == ANY || counted <= announced;
  }

  /** True if the body may end here. */
  public boolean complete() {
    return announced == ANY || counted == announced;
  }
}
