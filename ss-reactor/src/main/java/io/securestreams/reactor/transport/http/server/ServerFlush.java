package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;

/**
 * When written bytes go out: at the end of a batch of received messages or of commands, and then
 * all at once. Used on the channel's event loop.
 */
final class ServerFlush {

  private final Channel channel;

  private boolean due;
  private boolean held;
  private boolean flushing;

  /**
   * Nothing is due.
   *
   * @param channel what is flushed
   */
  ServerFlush(Channel channel) {
    this.channel = channel;
  }

  /** Something was written. */
  void written() {
    due = true;
  }

  /** Something was written that goes out now, unless a batch of received messages will do it. */
  void flushWritten() {
    written();
    flush();
  }

  /** A batch of received messages begins: what is written waits for its end. */
  void batchBegins() {
    held = true;
  }

  /** The batch has ended. */
  void batchEnds() {
    held = false;
    flush();
  }

  /** True inside a batch of received messages. */
  boolean isHeld() {
    return held;
  }

  /** Flushes what is due, unless a batch of received messages will do it. */
  void flush() {
    if (!due || held || flushing) {
      return;
    }
    flushing = true;
    try {
      // A flush completes writes, whose listeners may write again.
      while (due) {
        due = false;
        channel.flush();
      }
    } finally {
      flushing = false;
    }
  }
}
