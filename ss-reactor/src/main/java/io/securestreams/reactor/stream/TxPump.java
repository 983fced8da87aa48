package io.securestreams.reactor.stream;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.Utf8Check;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Moves messages from the queue of a stream to its link, piece by piece, within the link's window.
 *
 * <p>Used inside the stream's mailbox only.
 */
final class TxPump {

  /** Stands for a piece of a handler in {@link #underWay}: nobody waits to be told of it. */
  private static final TxMessage OF_HANDLER = TxMessage.of(Payload.empty(), null);

  private final StreamShell stream;

  /** The message of each piece that the link has and that is not written yet, oldest first. */
  @Nullable private ArrayDeque<TxMessage> underWay;

  /** The handler gave the beginning of a message and not its end. */
  private boolean handlerInside;

  /** What is done to pieces on their way; null for nothing. */
  @Nullable private PartFraming framing;

  @Nullable private Link link;
  @Nullable private PieceFeed feed;

  /** Looks at what is sent where it must be text; null elsewhere. */
  @Nullable private Utf8Check text;

  private long nextOrdinal;

  TxPump(StreamShell stream) {
    this.stream = stream;
  }

  /** The link can take pieces from now on. */
  void ready(Link readyLink) {
    link = readyLink;
    text = null;
  }

  /** The link can take pieces from now on, which become the parts of a body unless null. */
  void ready(Link readyLink, @Nullable PartFraming parts) {
    ready(readyLink);
    framing = parts;
  }

  /** The link can take pieces of text from now on. */
  void readyForText(Link readyLink) {
    link = readyLink;
    text = new Utf8Check();
  }

  /** The link takes nothing until it is ready again; what it has is still to be written. */
  void pause() {
    link = null;
  }

  /** The link needs no more of the message, although its source may have more. */
  void end(TxMessage message) {
    if (feed != null && feed.message() == message) {
      feed.cancel();
      feed = null;
    }
  }

  /** True if the link takes pieces and no message is in the middle. */
  boolean takesMessage() {
    return link != null && feed == null && hasRoom();
  }

  private boolean hasRoom() {
    return underWay == null || underWay.size() < Link.WINDOW;
  }

  /** Gives a message its place in the stream's count, once. */
  void number(TxMessage message) {
    if (message.ordinal() < 0) {
      message.ordinal(nextOrdinal++);
    }
  }

  /** Sends as many whole messages as the link takes; for connections without transactions. */
  void sendAll() {
    while (takesMessage()) {
      TxMessage message = stream.queue().take();
      if (message == null) {
        return;
      }
      send(message);
    }
  }

  /** Sends one message, whole or as its pieces come. */
  void send(TxMessage message) {
    Payload whole = message.whole();
    if (whole != null && !isSendable(whole, MessageFlags.SOM_EOM)) {
      stream
          .queue()
          .fail(message, StreamErrors.undelivered(stream.streamType(), StreamErrors.notText()));
      return;
    }
    number(message);
    message.begin();
    if (whole != null) {
      message.endsWith(1);
      push(message, whole, MessageFlags.SOM_EOM);
      stream.queue().handed(whole);
      return;
    }
    Publisher<Payload> pieces = message.pieces();
    if (pieces != null) {
      PieceFeed created = new PieceFeed(message, this, stream);
      feed = created;
      pieces.subscribe(created);
    }
  }

  /** Sends a piece that a handler gave. */
  void sendForHandler(Payload payload, MessageFlags flags) {
    if (!isSendable(payload, flags)) {
      stream.txBroken(StreamErrors.notText());
      return;
    }
    handlerInside = !flags.eom();
    push(OF_HANDLER, payload, flags);
  }

  /** A piece of the message in the middle came. */
  void sendPiece(PieceFeed from, Payload payload, MessageFlags flags) {
    if (from != feed) {
      return;
    }
    if (!isSendable(payload, flags)) {
      stream.txBroken(StreamErrors.notText());
      return;
    }
    push(from.message(), payload, flags);
    if (!payload.isEmpty() || flags.som()) {
      stream.queue().handed(payload);
    }
    if (flags.eom()) {
      from.message().endsWith(from.sentPieces());
      feed = null;
    }
  }

  /** The source of the message in the middle failed. */
  void sourceFailed(PieceFeed from, Throwable cause) {
    if (from == feed) {
      stream.txBroken(StreamErrors.sourceFailed(stream.streamType(), cause));
    }
  }

  private boolean isSendable(Payload payload, MessageFlags flags) {
    return text == null || text.accepts(payload, flags);
  }

  private void push(TxMessage message, Payload payload, MessageFlags flags) {
    Link target = link;
    if (target == null) {
      return;
    }
    if (underWay == null) {
      underWay = new ArrayDeque<>();
    }
    underWay.add(message);
    PartFraming parts = framing;
    target.send(parts == null ? new TxPiece(payload, flags) : parts.frame(payload, flags));
  }

  /** The link wrote pieces. */
  void written(int pieces) {
    for (int i = 0; i < pieces && underWay != null && !underWay.isEmpty(); i++) {
      TxMessage message = underWay.remove();
      if (feed != null && feed.message() == message) {
        feed.pieceWritten();
      }
      if (message != OF_HANDLER && message.pieceWritten()) {
        stream.txWritten(message);
      }
    }
    refill();
  }

  /** Asks the source of the message in the middle for as many pieces as there is room for. */
  void refill() {
    PieceFeed asked = feed;
    if (asked == null) {
      return;
    }
    int ofOthers = 0;
    if (underWay != null) {
      for (TxMessage message : underWay) {
        if (message == asked.message()) {
          break;
        }
        ofOthers++;
      }
    }
    asked.refill(ofOthers);
  }

  /** The link is given up; what it has goes out before its farewell. */
  void leave() {
    if (underWay != null) {
      underWay.forEach(TxMessage::part);
    }
  }

  /**
   * The link is gone: whole messages that it had not written go back to the front of the queue, a
   * message in the middle fails. Transactions are not looked at here.
   *
   * @param cause asked for each message that suffers
   */
  void unlink(Supplier<? extends Throwable> cause) {
    link = null;
    framing = null;
    handlerInside = false;
    TxMessage middle = null;
    if (feed != null) {
      feed.cancel();
      middle = feed.message();
      feed = null;
    }
    if (underWay != null) {
      TxMessage newer = null;
      while (!underWay.isEmpty()) {
        TxMessage message = underWay.removeLast();
        if (message != OF_HANDLER && message != newer && message != middle) {
          stream.txUnwritten(message, cause.get());
        }
        newer = message;
      }
      underWay = null;
    }
    if (middle != null) {
      stream.txUnwritten(middle, cause.get());
    }
  }

  /** True if the handler is in the middle of a message. */
  boolean isInsideHandlersMessage() {
    return handlerInside;
  }

  /** True if something was handed to the link and is not written, or a message is in the middle. */
  boolean isBusy() {
    return handlerInside || feed != null || (underWay != null && !underWay.isEmpty());
  }
}
