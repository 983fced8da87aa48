package io.securestreams.reactor.stream;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.Outcome;
import io.securestreams.core.lifecycle.Phase;
import io.securestreams.core.plan.AttemptRequest;
import io.securestreams.core.plan.FormPart;
import io.securestreams.core.plan.MultipartForm;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the current attempt of a client carries, if its protocol has transactions: a message of the
 * queue, or as many as a multipart body has parts; a body that the handler gives; or the request
 * alone. Inside the mailbox only, {@link #rideshare} excepted.
 */
final class ClientTransaction {

  /** Methods whose request may be sent again although it may have had its effect. */
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  /** Methods that never have a body. */
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "CONNECT", "TRACE");

  /** Methods that have a body even if its length is not known. */
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final ClientStream stream;

  /** The messages that the running transaction carries, in order; more may come. */
  private List<TxMessage> carried = List.of();

  /** How many of them were given to the link. */
  private int sent;

  /** The transaction expects a body from the handler. */
  private boolean handlerBody;

  /** What is done to the pieces of a multipart body; null for any other. */
  @Nullable private PartFraming framing;

  /** The stream type whose payload is asked for; null for the stream's own. */
  @Nullable private volatile String part;

  ClientTransaction(ClientStream stream) {
    this.stream = stream;
  }

  private String method() {
    return stream.type().http().method().orElse("");
  }

  /** How many messages a transaction takes. */
  private int capacity() {
    return Math.max(1, stream.parts().size());
  }

  /** The stream type whose payload is asked for; any thread. */
  String rideshare() {
    String current = part;
    return current == null ? stream.streamType() : current;
  }

  /** Chooses what the next attempt carries, unless that is known from the one before. */
  void prepare() {
    if (!stream.isTransactional() || !carried.isEmpty()) {
      return;
    }
    TxMessage first = stream.queue().take();
    if (first != null) {
      carry(first);
      takeParts();
    }
    handlerBody =
        first == null
            && stream.hasHandler()
            && stream.isHandlerTxWanted()
            && (stream.handlerTx().length() > 0 || WITH_BODY.contains(method()))
            && !WITHOUT_BODY.contains(method());
    if (handlerBody) {
      stream.handlerTx().begin();
    }
  }

  private void carry(TxMessage message) {
    if (carried.isEmpty()) {
      carried = capacity() == 1 ? List.of(message) : new ArrayList<>(capacity());
    }
    if (capacity() > 1) {
      carried.add(message);
    }
  }

  /** Takes the messages of further parts, as far as they are there. */
  private void takeParts() {
    while (carried.size() < capacity() && !stream.queue().nextStartsUpload()) {
      TxMessage next = stream.queue().take();
      if (next == null) {
        return;
      }
      carry(next);
    }
  }

  /** What the plan of an attempt has to know. */
  AttemptRequest request(Map<String, String> metadata) {
    List<FormPart> parts = stream.parts();
    boolean message = !carried.isEmpty() && (!parts.isEmpty() || !carried.get(0).isEmpty());
    if (!message && !handlerBody) {
      return metadata.isEmpty()
          ? AttemptRequest.EMPTY
          : new AttemptRequest(metadata, AttemptRequest.Body.ABSENT, OptionalLong.empty());
    }
    OptionalLong length = handlerBody ? known(stream.handlerTx().bodyLength()) : payloadLength();
    if (parts.isEmpty()) {
      return new AttemptRequest(metadata, AttemptRequest.Body.PRESENT, length);
    }
    MultipartForm form = stream.environment().form(parts);
    framing = new PartFraming(form);
    OptionalLong whole =
        length.isPresent() ? known(form.length(length.getAsLong())) : OptionalLong.empty();
    return new AttemptRequest(metadata, AttemptRequest.Body.PRESENT, whole).inParts(form);
  }

  private static OptionalLong known(long length) {
    return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /** Bytes of all messages together, if all are there and none comes in pieces of any number. */
  private OptionalLong payloadLength() {
    long length = 0;
    for (TxMessage message : carried) {
      if (!message.hasKnownLength()) {
        return OptionalLong.empty();
      }
      length += message.length();
    }
    return carried.size() < capacity() ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /** What is to be done to the pieces of the body. */
  @Nullable PartFraming framing() {
    return framing;
  }

  /** A request without body needs no tx callback: what was wanted is the request itself. */
  void isWholeWithItsHead() {
    if (carried.isEmpty()) {
      stream.forgetHandlerTx();
    } else {
      carried.forEach(stream.pump()::number);
    }
    stream.submit(this::wantTxForNext);
  }

  /** The current request was served; says whether another message waits for the next one. */
  private void wantTxForNext() {
    stream.step(stream.lifecycle().txServed());
    boolean handlerWants = stream.hasHandler() && stream.isHandlerTxWanted();
    if (!stream.queue().isEmpty() || handlerWants) {
      stream.step(stream.lifecycle().txRequested());
    }
  }

  /** Sends what can be sent of the body. */
  void pump() {
    if (handlerBody) {
      pumpHandlerBody();
    } else if (!carried.isEmpty()) {
      pumpMessages();
    }
  }

  private void pumpMessages() {
    while (sent < capacity() && stream.pump().takesMessage()) {
      takeParts();
      if (sent == carried.size()) {
        if (stream.queue().nextStartsUpload() || stream.queue().endsHere()) {
          breakOff();
        }
        return;
      }
      stream.pump().send(carried.get(sent++));
      if (sent == capacity()) {
        wantTxForNext();
      }
    }
  }

  private void pumpHandlerBody() {
    PartFraming parts = framing;
    if (parts == null) {
      stream.pumpHandlerBody();
      return;
    }
    if (stream.handlerTx().hasEnded() || parts.isComplete()) {
      return;
    }
    part = parts.streamType();
    if (!stream.callHandlerTx()) {
      return;
    }
    if (parts.isComplete()) {
      stream.handlerTx().end();
      part = null;
    } else {
      stream.handlerTx().want(HandlerTx.UNKNOWN);
      part = parts.streamType();
      stream.step(stream.lifecycle().txRequested());
    }
  }

  /** A body that lacks parts must not come to its end. */
  private void breakOff() {
    LinkException failure = StreamErrors.partsMissing(stream.streamType(), sent, stream.parts());
    fail(failure);
    stream.txBroken(failure);
  }

  /** True if there is a message that could be to blame. */
  boolean hasMessage() {
    return !carried.isEmpty();
  }

  /**
   * The peer answered: the transaction is over, and with it the link.
   *
   * @return the ordinal of the message, the first one of several, or {@link Lifecycle#NO_MESSAGE}
   */
  long answered(Outcome outcome) {
    List<TxMessage> answered = release();
    handlerBody = false;
    String streamType = stream.streamType();
    stream.detach(() -> StreamErrors.closed(streamType));
    for (TxMessage message : answered) {
      if (outcome == Outcome.ACK) {
        stream.queue().succeed(message);
      } else {
        stream.queue().fail(message, StreamErrors.undelivered(streamType, StreamErrors.refused()));
      }
    }
    return answered.isEmpty() ? Lifecycle.NO_MESSAGE : answered.get(0).ordinal();
  }

  private List<TxMessage> release() {
    List<TxMessage> released = carried;
    carried = List.of();
    sent = 0;
    framing = null;
    part = null;
    return released;
  }

  /**
   * The attempt failed: a message that must not be sent again fails with it.
   *
   * @return true if another attempt may carry the same
   */
  boolean survives(LinkSignal.Failed failed) {
    boolean resend =
        failed.delivery() == LinkSignal.Delivery.NOT_SENT ? isRepeatable() : mayBeRepeated();
    if (!resend) {
      fail(failed.cause());
    }
    return resend;
  }

  /**
   * The link is given up before the answer: what the peer may have acted on fails.
   *
   * @return true if another attempt may carry the same
   */
  boolean survivesCut(Throwable cause) {
    // A request without body, or with an empty one, goes out with its head.
    boolean unsent = !carried.isEmpty() && !isBodiless() && !carried.get(0).isSent();
    boolean repeated = unsent || mayBeRepeated();
    if (!repeated) {
      fail(cause);
    }
    return repeated;
  }

  /** What may have arrived is sent again only if that does no harm, or if a handler decides so. */
  private boolean mayBeRepeated() {
    if (!stream.isTransactional() || handlerBody) {
      return true;
    }
    return isBodiless() && IDEMPOTENT.contains(method());
  }

  private boolean isBodiless() {
    return carried.isEmpty() || (framing == null && carried.get(0).isEmpty());
  }

  private boolean isRepeatable() {
    return carried.stream().allMatch(TxMessage::isRepeatable);
  }

  /** The messages cannot be delivered. */
  void fail(Throwable cause) {
    for (TxMessage message : release()) {
      stream.queue().fail(message, StreamErrors.undelivered(stream.streamType(), cause));
    }
  }

  /**
   * The link is gone. Messages go back to the queue if the attempt is the same still, and fail
   * otherwise.
   */
  void abandon(Supplier<? extends Throwable> cause) {
    if (handlerBody) {
      // The next attempt asks the handler for the body anew.
      handlerBody = false;
      stream.handlerTx().beginAgain();
    }
    if (carried.isEmpty()) {
      release();
    } else if (stream.lifecycle().phase() == Phase.ATTEMPT && isRepeatable()) {
      List<TxMessage> again = release();
      for (int i = again.size() - 1; i >= 0; i--) {
        again.get(i).reset();
        stream.queue().giveBack(again.get(i));
      }
    } else {
      fail(cause.get());
    }
  }
}
