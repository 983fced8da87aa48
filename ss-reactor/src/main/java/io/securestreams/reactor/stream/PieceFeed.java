package io.securestreams.reactor.stream;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;

/**
 * Asks the source of a message for pieces as fast as the link writes them.
 *
 * <p>One piece is always held back, so that the last one can carry EOM.
 */
final class PieceFeed extends BaseSubscriber<Payload> {

  private static final int AHEAD = 8;

  private final TxMessage message;
  private final TxPump pump;
  private final StreamShell stream;

  @Nullable private Payload held;
  private int sent;

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

  @Override
  public Context currentContext() {
    return stream.context();
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    subscription.request(AHEAD);
  }

  @Override
  protected void hookOnNext(Payload piece) {
    stream.submit(
        () -> {
          Payload before = held;
          held = piece;
          if (before != null) {
            forward(before, MessageFlags.of(sent == 0, false));
          }
        });
  }

  @Override
  protected void hookOnComplete() {
    stream.submit(
        () -> {
          Payload last = held == null ? Payload.empty() : held;
          held = null;
          forward(last, MessageFlags.of(sent == 0, true));
        });
  }

  @Override
  protected void hookOnError(Throwable cause) {
    stream.submit(() -> pump.sourceFailed(this, cause));
  }

  private void forward(Payload piece, MessageFlags flags) {
    sent++;
    pump.sendPiece(this, piece, flags);
  }
}
