package io.securestreams.reactor.transport.http.h2;

/** What the peer may still send on one stream. On the event loop, {@link #left} excepted. */
final class H2Window {

  private volatile int left;
  private int held;

  H2Window(int initial) {
    left = initial;
  }

  /** Bytes that the peer may send; below zero if it sent more than it might. Any thread. */
  int left() {
    return left;
  }

  /** Bytes that came and were not handed out. */
  int held() {
    return held;
  }

  void received(int bytes) {
    int rest = left - bytes;
    left = rest;
    held += bytes;
  }

  void taken(int bytes) {
    held -= Math.min(held, bytes);
  }

  /**
   * Lets the peer send more.
   *
   * @return what it is told, 0 if it may not be told more
   */
  int open(long bytes) {
    int before = left;
    int after = (int) Math.min(Integer.MAX_VALUE, before + Math.max(0, bytes));
    left = after;
    return after - before;
  }
}
