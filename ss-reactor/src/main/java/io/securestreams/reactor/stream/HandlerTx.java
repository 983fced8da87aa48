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
  private long bodyLength = UNKNOWN;
  private boolean ended;
  private long nextOrdinal;

  /** The thread that runs the callback now. */
  @Nullable private volatile Thread asking;

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

  /** What was wanted is done, or will not be: the callback does not run for it. */
  void forget() {
    wanted = false;
    length = UNKNOWN;
  }

  /** The callback is about to run, on this thread: gives its ordinal. */
  long take() {
    wanted = false;
    asking = Thread.currentThread();
    return nextOrdinal++;
  }

  /** The callback returned. */
  void taken() {
    asking = null;
  }

  /** True inside the callback; any thread. */
  boolean isAsking() {
    return asking == Thread.currentThread();
  }

  /** Announced bytes of the next message, or {@link #UNKNOWN}. */
  long length() {
    return length;
  }

  /** Bytes of the message of the transaction, or {@link #UNKNOWN}. */
  long bodyLength() {
    return bodyLength;
  }

  /** A transaction begins, and carries what was announced; what is announced now is the next's. */
  void begin() {
    bodyLength = length;
    length = UNKNOWN;
    ended = false;
  }

  /** The transaction has the last piece of its message. */
  void end() {
    ended = true;
  }

  /** True if the transaction wants no further piece. */
  boolean hasEnded() {
    return ended;
  }

  /** The transaction failed: the message is asked for again. */
  void beginAgain() {
    want(length >= 0 ? length : bodyLength);
    bodyLength = UNKNOWN;
    ended = false;
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
