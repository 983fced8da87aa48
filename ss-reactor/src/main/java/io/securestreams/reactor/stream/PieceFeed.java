package io.securestreams.reactor.stream;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.Link;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * Asks the source of a message for pieces as fast as the link writes them.
 *
 * <p>A piece is held back while the source is still giving, so that the last one can carry EOM.
 * When the source makes a pause, the piece goes out: what follows may be long in coming, and the
 * end is then an empty piece.
 */
final class PieceFeed extends BaseSubscriber<Payload> {

  private static final int AHEAD = 8;

  private final TxMessage message;
  private final TxPump pump;
  private final StreamShell stream;

  @Nullable private Payload held;
  private boolean subscribed;
  private int sent;
  private long bytes;

  /** Pieces that the source gave, also those whose turn has not come. */
  private volatile int given;

  /** Pieces that were asked for and are not written yet. */
  private int ahead;

  PieceFeed(TxMessage message, TxPump pump, StreamShell stream) {
    this.message = message;
    this.pump = pump;
    this.stream = stream;
  }

  TxMessage message() {
    return message;
  }

  /** Pieces handed to the link so far. */
  int sentPieces() {
    return sent;
  }

  /** A piece of it was written. */
  void pieceWritten() {
    ahead--;
  }

  /**
   * Asks for more, so that the link never has more pieces than its window.
   *
   * @param ofOthers pieces of other messages that the link has not written
   */
  void refill(int ofOthers) {
    int more = Math.min(AHEAD, Link.WINDOW - ofOthers) - ahead;
    if (subscribed && more > 0) {
      ahead += more;
      request(more);
    }
  }

  /** The context of who sends the message, else of who subscribed the stream. */
  @Override
  public Context currentContext() {
    MonoSink<Void> outcome = message.outcome();
    return outcome == null ? stream.context() : Context.of(outcome.contextView());
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    stream.submit(
        () -> {
          subscribed = true;
          pump.refill();
        });
  }

  @Override
  protected void hookOnNext(Payload piece) {
    int number = given + 1;
    given = number;
    stream.submit(
        () -> {
          bytes += piece.size();
          if (message.hasKnownLength() && bytes > message.length()) {
            wrongLength();
            return;
          }
          letGo();
          held = piece;
          boolean lastByLength = message.hasKnownLength() && bytes == message.length();
          if (given == number && !lastByLength) {
            letGo();
          }
        });
  }

  /** The held piece is not the last. */
  private void letGo() {
    Payload piece = held;
    held = null;
    if (piece != null) {
      forward(piece, MessageFlags.of(sent == 0, false));
    }
  }

  @Override
  protected void hookOnComplete() {
    given = -1;
    stream.submit(
        () -> {
          if (message.hasKnownLength() && bytes < message.length()) {
            wrongLength();
            return;
          }
          Payload last = held == null ? Payload.empty() : held;
          held = null;
          forward(last, MessageFlags.of(sent == 0, true));
        });
  }

  @Override
  protected void hookOnError(Throwable cause) {
    stream.submit(() -> pump.sourceFailed(this, cause));
  }

  private void wrongLength() {
    pump.sourceFailed(
        this,
        new IllegalArgumentException(
            "it gave " + bytes + " bytes, where " + message.length() + " were announced"));
  }

  private void forward(Payload piece, MessageFlags flags) {
    sent++;
    pump.sendPiece(this, piece, flags);
  }
}
