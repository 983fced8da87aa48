package io.securestreams.reactor.stream;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.StreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a handler asked for with {@code requestTx}, and the pieces it gives. Several requests before
 * the callback runs are one. Inside the mailbox only.
 */
final class HandlerTx {

  /** The length of a message that nobody announced. */
  static final long UNKNOWN = -1;

  private boolean wanted;
  private long length = UNKNOWN;
  private long nextOrdinal;

  /** The handler wants to be asked; a known length is that of its next message. */
  void want(long announced) {
    wanted = true;
    if (announced >= 0) {
      length = announced;
    }
  }

  /** True if the handler waits for its callback. */
  boolean isWanted() {
    return wanted;
  }

  /** The callback is about to run: gives its ordinal. */
  long take() {
    wanted = false;
    return nextOrdinal++;
  }

  /** Bytes of the next message, or {@link #UNKNOWN}. */
  long length() {
    return length;
  }

  /** The message with the announced length is over. */
  void forgetLength() {
    length = UNKNOWN;
  }

  /** Takes the piece of one callback. */
  static final class Piece implements StreamHandler.TxBuffer {

    private static final int CAPACITY = 16 * 1024;

    @Nullable private Payload payload;
    private MessageFlags flags = MessageFlags.NONE;

    @Override
    public int capacity() {
      return CAPACITY;
    }

    @Override
    public void write(Payload piece, MessageFlags pieceFlags) {
      payload = piece;
      flags = pieceFlags;
    }

    /** What was given, or null. */
    @Nullable Payload payload() {
      return payload;
    }

    MessageFlags flags() {
      return flags;
    }
  }
}
