package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.Validity;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The server's end of one connection: transactions one after the other, or a session. */
class ServedStream extends LinkedStream implements AcceptedStream {

  private static final int NOT_ACKNOWLEDGED = 404;
  private static final int THREW = 500;

  private final ServerProfile profile;
  private final Runnable onRelease;

  private volatile int status = NOT_ACKNOWLEDGED;
  private Answering answering = Answering.NOTHING;
  private String method = "";
  @Nullable private TxMessage answer;

  ServedStream(
      Environment environment, ServerProfile profile, ServerLink link, Runnable onRelease) {
    super(environment, profile.type(), Lifecycle.accepted(profile.lifecycle()), link);
    this.profile = profile;
    this.onRelease = onRelease;
  }

  /** How far the answer to the current request is. */
  private enum Answering {
    /** There is no request. */
    NOTHING,
    /** The head is not sent. */
    DUE,
    /** The head is sent; a message of the queue is the body. */
    MESSAGE,
    /** The head is sent; the handler gives the body. */
    HANDLER,
    /** The head is sent and there is nothing more to send. */
    DONE
  }

  @Override
  public final void serverAck(int code) {
    if (code == 0) {
      status = 200;
    } else {
      status = code >= 100 && code <= 599 ? code : 500;
    }
  }

  @Override
  public final Optional<X509Certificate> clientCertificate() {
    return ownLink().clientCertificate();
  }

  @Override
  final void onReleased() {
    super.onReleased();
    onRelease.run();
  }

  // --- signals --------------------------------------------------------------------------------

  @Override
  final void onRequestSignal(LinkSignal signal) {
    if (signal instanceof LinkSignal.Transaction transaction) {
      onTransaction(transaction);
    } else if (signal instanceof LinkSignal.Upgraded upgraded) {
      onUpgraded(upgraded);
    } else if (signal == LinkSignal.Event.ANSWERED) {
      onAnswered();
    }
  }

  private void onTransaction(LinkSignal.Transaction transaction) {
    // What was emitted for an earlier request must not answer this one.
    queue()
        .failAll(
            () ->
                StreamErrors.undelivered(
                    streamType(),
                    new LinkException(
                        FailureKind.PLAN, "it was emitted when there was no request to answer")));
    forgetHandlerTx();
    metadataStore().clear();
    status = NOT_ACKNOWLEDGED;
    method = transaction.method();
    answering = Answering.DUE;
    receiveMetadata(transaction.metadata());
    up();
    step(lifecycle().transaction());
  }

  private void onUpgraded(LinkSignal.Upgraded upgraded) {
    beginSession(upgraded.metadata(), profile.plan().textFrames());
    LinkSlot slot = slot();
    if (slot != null) {
      slot.watch(Validity.of(Optional.empty()));
    }
    up();
    step(lifecycle().upgraded());
    sessionBegun();
  }

  private void onAnswered() {
    TxMessage message = answer;
    answer = null;
    answering = Answering.NOTHING;
    pump().pause();
    if (message != null) {
      // The answer to HEAD is over with its head.
      pump().end(message);
      queue().succeed(message);
    }
    step(lifecycle().transactionDone());
  }

  /** The client hears that it was our fault, if nothing else was said yet. */
  @Override
  final void tellFault() {
    if (answering == Answering.DUE) {
      answering = Answering.DONE;
      ownLink().answer(new Answer(THREW, List.of(), BodyPlan.NONE));
    }
  }

  // --- tx -------------------------------------------------------------------------------------

  @Override
  final void pumpTx() {
    if (isSession()) {
      pumpSession();
      return;
    }
    switch (answering) {
      case DUE -> startAnswer();
      case HANDLER -> pumpHandlerBody();
      case NOTHING, MESSAGE, DONE -> {
        // The link has what it needs, or there is nobody to answer.
      }
    }
  }

  private void startAnswer() {
    TxMessage message = queue().take();
    if (message != null) {
      answer = message;
      answering = Answering.MESSAGE;
      sendHead(bodyOf(message));
      if (message.isEmpty()) {
        // The head says it all; the link takes no piece of such an answer.
        pump().number(message);
      } else {
        pump().ready(ownLink());
        pump().send(message);
      }
      step(lifecycle().txServed());
    } else if (isHandlerTxWanted()) {
      startHandlerAnswer();
    }
  }

  private void startHandlerAnswer() {
    handlerTx().begin();
    long length = handlerTx().bodyLength();
    boolean never = profile.plan().contentLength() == HttpSettings.ContentLength.NEVER;
    if (length > 0 || (length < 0 && never)) {
      sendHead(never ? BodyPlan.CHUNKED : BodyPlan.ofLength(length));
      if (method.equals("HEAD")) {
        endHandlerAnswer();
        return;
      }
      answering = Answering.HANDLER;
      pump().ready(ownLink());
      pumpHandlerBody();
      return;
    }
    sendHead(BodyPlan.NONE);
    endHandlerAnswer();
  }

  private void endHandlerAnswer() {
    answering = Answering.DONE;
    forgetHandlerTx();
    step(lifecycle().txServed());
  }

  private BodyPlan bodyOf(TxMessage message) {
    if (message.isEmpty()) {
      return BodyPlan.NONE;
    }
    boolean announced =
        message.hasKnownLength()
            && profile.plan().contentLength() == HttpSettings.ContentLength.SENT_WHEN_KNOWN;
    return announced ? BodyPlan.ofLength(message.length()) : BodyPlan.CHUNKED;
  }

  private void sendHead(BodyPlan body) {
    ownLink().answer(new Answer(status, metadataStore().headersOfOurs(), body));
  }

  /** An answer is done when the link says so, not when its message is written. */
  @Override
  final void txWritten(TxMessage message) {
    if (isSession()) {
      super.txWritten(message);
    }
  }

  @Override
  final void txUnwritten(TxMessage message, Throwable cause) {
    if (isSession()) {
      super.txUnwritten(message, cause);
    }
  }

  @Override
  final void abandonTransaction(Supplier<? extends Throwable> cause) {
    TxMessage message = answer;
    answer = null;
    if (message != null) {
      queue().fail(message, StreamErrors.undelivered(streamType(), cause.get()));
    }
  }

  @Override
  boolean isIdle() {
    return super.isIdle() && answering == Answering.NOTHING;
  }
}
