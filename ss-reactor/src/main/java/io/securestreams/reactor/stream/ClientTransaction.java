package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.Outcome;
import io.securestreams.core.lifecycle.Phase;
import io.securestreams.core.plan.AttemptRequest;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the current attempt of a client carries, if its protocol has transactions: a message of the
 * queue, a body that the handler gives, or the request alone. Inside the mailbox only.
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

  /** The message that the running transaction carries. */
  @Nullable private TxMessage message;

  /** The transaction expects a body from the handler. */
  private boolean handlerBody;

  ClientTransaction(ClientStream stream) {
    this.stream = stream;
  }

  private String method() {
    return stream.type().http().method().orElse("");
  }

  /** Chooses what the next attempt carries, unless that is known from the one before. */
  void prepare() {
    if (!stream.isTransactional() || message != null) {
      return;
    }
    message = stream.queue().take();
    HandlerTx handlerTx = stream.handlerTx();
    handlerBody =
        message == null
            && stream.hasHandler()
            && handlerTx.isWanted()
            && (handlerTx.length() > 0 || WITH_BODY.contains(method()))
            && !WITHOUT_BODY.contains(method());
    if (handlerBody) {
      handlerTx.begin();
    }
  }

  /** What the plan of an attempt has to know. */
  AttemptRequest request(Map<String, String> metadata) {
    TxMessage carried = message;
    if (carried != null && !carried.isEmpty()) {
      return withBody(metadata, carried.hasKnownLength() ? carried.length() : HandlerTx.UNKNOWN);
    }
    if (handlerBody) {
      return withBody(metadata, stream.handlerTx().bodyLength());
    }
    return metadata.isEmpty()
        ? AttemptRequest.EMPTY
        : new AttemptRequest(metadata, AttemptRequest.Body.ABSENT, OptionalLong.empty());
  }

  private static AttemptRequest withBody(Map<String, String> metadata, long length) {
    OptionalLong known = length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    return new AttemptRequest(metadata, AttemptRequest.Body.PRESENT, known);
  }

  /** A request without body needs no tx callback: what was wanted is the request itself. */
  void isWholeWithItsHead() {
    TxMessage trigger = message;
    if (trigger != null) {
      stream.pump().number(trigger);
    } else {
      stream.handlerTx().forget();
    }
    stream.submit(this::wantTxForNext);
  }

  /** The current request was served; says whether another message waits for the next one. */
  private void wantTxForNext() {
    stream.step(stream.lifecycle().txServed());
    boolean handlerWants = stream.hasHandler() && stream.handlerTx().isWanted();
    if (!stream.queue().isEmpty() || handlerWants) {
      stream.step(stream.lifecycle().txRequested());
    }
  }

  /** Sends what can be sent of the body. */
  void pump() {
    TxMessage carried = message;
    if (handlerBody) {
      stream.pumpHandlerBody();
    } else if (carried != null && !carried.isSent()) {
      stream.pump().send(carried);
      wantTxForNext();
    }
  }

  /** True if there is a message that could be to blame. */
  boolean hasMessage() {
    return message != null;
  }

  /**
   * The peer answered: the transaction is over, and with it the link.
   *
   * @return the ordinal of the message, or {@link Lifecycle#NO_MESSAGE}
   */
  long answered(Outcome outcome) {
    TxMessage carried = message;
    message = null;
    handlerBody = false;
    String streamType = stream.streamType();
    stream.detach(() -> StreamErrors.closed(streamType));
    if (carried == null) {
      return Lifecycle.NO_MESSAGE;
    }
    if (outcome == Outcome.ACK) {
      stream.queue().succeed(carried);
    } else {
      stream.queue().fail(carried, StreamErrors.undelivered(streamType, StreamErrors.refused()));
    }
    return carried.ordinal();
  }

  /**
   * The attempt failed: a message that must not be sent again fails with it.
   *
   * @return true if another attempt may carry the same
   */
  boolean survives(LinkSignal.Failed failed) {
    TxMessage carried = message;
    boolean resend =
        failed.delivery() == LinkSignal.Delivery.NOT_SENT
            ? carried == null || carried.isRepeatable()
            : mayBeRepeated();
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
    TxMessage carried = message;
    // A request without body, or with an empty one, goes out with its head.
    boolean unsent = carried != null && !carried.isEmpty() && !carried.isSent();
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
    TxMessage carried = message;
    return (carried == null || carried.isEmpty()) && IDEMPOTENT.contains(method());
  }

  /** The message cannot be delivered. */
  void fail(Throwable cause) {
    TxMessage carried = message;
    message = null;
    if (carried != null) {
      stream.queue().fail(carried, StreamErrors.undelivered(stream.streamType(), cause));
    }
  }

  /**
   * The link is gone. A message goes back to the queue if the attempt is the same still, and fails
   * otherwise.
   */
  void abandon(Supplier<? extends Throwable> cause) {
    if (handlerBody) {
      // The next attempt asks the handler for the body anew.
      handlerBody = false;
      stream.handlerTx().beginAgain();
    }
    TxMessage carried = message;
    if (carried == null) {
      return;
    }
    if (stream.lifecycle().phase() == Phase.ATTEMPT && carried.isRepeatable()) {
      message = null;
      carried.reset();
      stream.queue().giveBack(carried);
      return;
    }
    fail(cause.get());
  }
}
