package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Phase;
import io.securestreams.core.lifecycle.Validity;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The server's end of one connection: transactions one after the other, or a WebSocket. */
final class ServedStream extends StreamFace implements AcceptedStream {

  private static final int NOT_ACKNOWLEDGED = 404;

  private final ServerProfile profile;
  private final ServerLink link;
  private final Runnable onRelease;

  /** What came before anybody subscribed; null afterwards. */
  @Nullable private List<LinkSignal> held = new ArrayList<>(2);

  private volatile int status = NOT_ACKNOWLEDGED;
  private List<MetadataValue> requested = List.of();
  private Answering answering = Answering.NOTHING;
  private String method = "";
  @Nullable private TxMessage answer;

  ServedStream(
      Environment environment, ServerProfile profile, ServerLink link, Runnable onRelease) {
    super(environment, profile.type(), Lifecycle.accepted(profile.lifecycle()));
    this.profile = profile;
    this.link = link;
    this.onRelease = onRelease;
    attach().link(link);
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
    DONE,
    /** The connection is a WebSocket. */
    UPGRADED
  }

  @Override
  public void serverAck(int code) {
    if (code == 0) {
      status = 200;
    } else {
      status = code >= 100 && code <= 599 ? code : 500;
    }
  }

  @Override
  public Optional<String> peer() {
    return link.peer();
  }

  @Override
  public SwapEffect effectOf(PolicySnapshot next) {
    // Its listener speaks for it.
    return SwapEffect.NONE;
  }

  @Override
  public void policyChanged(SwapMode mode) {
    // Its listener ends it if that must be.
  }

  /** Ends the stream, after what it has begun if that is done in time. */
  void part(SwapMode mode, LinkFailure why) {
    Duration limit = mode.drainLimit().orElse(Duration.ZERO);
    Mono<Void> done = limit.isZero() ? Mono.empty() : drain();
    done.timeout(limit, Mono.empty(), environment().scheduler())
        .subscribe(nothing -> {}, cause -> {}, () -> submit(() -> withdraw(why)));
  }

  @Override
  void openLink() {
    // An accepted stream has its link from the start and never gets another.
  }

  @Override
  void onBegun() {
    List<LinkSignal> before = held;
    held = null;
    if (before != null) {
      before.forEach(this::onLinkSignal);
    }
  }

  @Override
  void onReleased() {
    onRelease.run();
  }

  @Override
  void onLinkSignal(LinkSignal signal) {
    if (held != null) {
      held.add(signal);
      return;
    }
    if (signal instanceof LinkSignal.Frame frame) {
      deliverFrame(frame.payload(), frame.flags());
    } else if (signal instanceof LinkSignal.Written written) {
      pump().written(written.pieces());
    } else if (signal instanceof LinkSignal.Transaction transaction) {
      onTransaction(transaction);
    } else if (signal instanceof LinkSignal.Upgraded upgraded) {
      onUpgraded(upgraded);
    } else if (signal == LinkSignal.Event.ANSWERED) {
      onAnswered();
    } else if (signal == LinkSignal.Event.ALIVE) {
      LinkSlot slot = slot();
      if (slot != null) {
        slot.proof();
      }
    } else if (signal instanceof LinkSignal.Closed closed) {
      detach(closed::cause);
      step(lifecycle().linkClosed(LinkFailure.of(closed.cause()), 0));
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
    handlerTx().forget();
    metadataStore().clear();
    status = NOT_ACKNOWLEDGED;
    requested = transaction.metadata();
    method = transaction.method();
    answering = Answering.DUE;
    receiveMetadata(requested);
    up();
    step(lifecycle().transaction());
  }

  private void onUpgraded(LinkSignal.Upgraded upgraded) {
    answering = Answering.UPGRADED;
    receiveMetadata(upgraded.metadata());
    if (profile.plan().textFrames()) {
      pump().readyForText(link);
    } else {
      pump().ready(link);
    }
    LinkSlot slot = slot();
    if (slot != null) {
      slot.watch(Validity.of(Optional.empty()));
    }
    up();
    step(lifecycle().upgraded());
  }

  private void up() {
    if (lifecycle().phase() == Phase.ATTEMPT) {
      step(lifecycle().linkUp(0));
    }
  }

  private void onAnswered() {
    TxMessage message = answer;
    answer = null;
    answering = Answering.NOTHING;
    pump().pause();
    if (message != null) {
      queue().succeed(message);
    }
    step(lifecycle().transactionDone());
  }

  // --- tx -------------------------------------------------------------------------------------

  @Override
  void pumpTx() {
    switch (answering) {
      case DUE -> startAnswer();
      case HANDLER -> pumpHandlerBody();
      case UPGRADED -> pumpSession();
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
        pump().ready(link);
        pump().send(message);
      }
      step(lifecycle().txServed());
    } else if (handlerTx().isWanted()) {
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
      pump().ready(link);
      pumpHandlerBody();
      return;
    }
    sendHead(BodyPlan.NONE);
    endHandlerAnswer();
  }

  private void endHandlerAnswer() {
    answering = Answering.DONE;
    handlerTx().forget();
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
    link.answer(new Answer(status, metadataStore().headersBeside(requested), body));
  }

  @Override
  void txWritten(TxMessage message) {
    if (answering == Answering.UPGRADED) {
      super.txWritten(message);
    }
  }

  @Override
  void txUnwritten(TxMessage message, Throwable cause) {
    if (answering == Answering.UPGRADED) {
      queue().fail(message, StreamErrors.undelivered(streamType(), cause));
    }
  }

  @Override
  void abandonTransaction(Supplier<? extends Throwable> cause) {
    TxMessage message = answer;
    answer = null;
    if (message != null) {
      queue().fail(message, StreamErrors.undelivered(streamType(), cause.get()));
    }
  }

  @Override
  boolean isIdle() {
    return queue().isDrained()
        && (answering == Answering.NOTHING || answering == Answering.UPGRADED);
  }
}
