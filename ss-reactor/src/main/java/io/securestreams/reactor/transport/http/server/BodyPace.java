package io.securestreams.reactor.transport.http.server;

import io.securestreams.reactor.transport.server.LimitText;

/**
 * Whether a request's body comes fast enough. It is judged window by window; a client that was not
 * read in a window, for want of credit, need not have been fast in it.
 */
final class BodyPace {

  /** Why a transaction ends in which the client did its part. */
  static final String NO_ANSWER = "Request was not answered in time";

  private final int rate;
  private final long least;
  private long received;
  private boolean held;

  /**
   * A pace at the beginning of a window.
   *
   * @param rate fewest bytes per second
   * @param windowNanos length of a window
   */
  BodyPace(int rate, long windowNanos) {
    this.rate = rate;
    this.least = Math.max(1, (long) (rate * (windowNanos / 1e9)));
  }

  /** A window begins. */
  void begin() {
    received = 0;
    held = false;
  }

  /** So many bytes came. */
  void received(int bytes) {
    received += bytes;
  }

  /** The client is not read at the moment. */
  void held() {
    held = true;
  }

  /** True if enough came since the window began. */
  boolean isEnough() {
    return received >= (held ? 1 : least);
  }

  /** Why it is over if it is not enough. */
  String reason() {
    return received > 0 ? "Body came slower than " + LimitText.of("bodyRate", rate) : NO_ANSWER;
  }
}
