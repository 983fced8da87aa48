package io.securestreams.reactor.transport.http.server;

/**
 * Whether a request's body comes fast enough. It is judged window by window; a client that was not
 * read in a window, for want of credit, need not have been fast in it.
 */
final class BodyPace {

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

  /** True if something came since the window began. */
  boolean hasProgress() {
    return received > 0;
  }

  /** True if enough came since the window began. */
  boolean isEnough() {
    return received >= (held ? 1 : least);
  }
}
