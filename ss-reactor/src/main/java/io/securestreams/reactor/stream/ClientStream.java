package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Outcome;
import io.securestreams.core.lifecycle.Phase;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.FormPart;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.core.system.BlobKind;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/** A stream that makes connections to a peer, one at a time. */
public final class ClientStream extends StreamFace {

  private static final Logger LOGGER = LoggerFactory.getLogger(ClientStream.class);

  private final ClientTransaction transaction = new ClientTransaction(this);
  private ClientProfile profile;

  /** What the stream becomes once its connection is gone; null unless the policy changed. */
  @Nullable private Replacement replacement;

  /** Metadata values that an attempt waits for. */
  @Nullable private Disposable resolving;

  /**
   * Creates a stream; it does nothing before its events are subscribed or a handler starts it.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   */
  public ClientStream(Environment environment, PolicySnapshot policy, String streamType) {
    this(environment, policy.client(streamType));
  }

  private ClientStream(Environment environment, ClientProfile profile) {
    super(environment, profile.type(), profile.beginning());
    this.profile = profile;
  }

  /**
   * Creates a stream at once, whose events go to callbacks.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   * @param handler the callbacks
   */
  public static ClientStream started(
      Environment environment, PolicySnapshot policy, String streamType, StreamHandler handler) {
    ClientStream stream = new ClientStream(environment, policy, streamType);
    stream.handledBy(Callbacks.of(handler));
    stream.start();
    return stream;
  }

  /** The parts of a request's body; none if it is not multipart. */
  List<FormPart> parts() {
    return profile.planner().parts();
  }

  @Override
  int partCount() {
    return Math.max(1, parts().size());
  }

  @Override
  public String rideshare() {
    return transaction.rideshare();
  }

  /** True if each message is a transaction that the peer answers. */
  boolean isTransactional() {
    return profile.type().isTransactional();
  }

  // --- policy ---------------------------------------------------------------------------------

  @Override
  public SwapEffect effectOf(PolicySnapshot policy) {
    SwapEffect own = policy.effectOn(type());
    return own == SwapEffect.NONE && !policy.client(streamType()).isLike(profile)
        ? SwapEffect.MOVED
        : own;
  }

  @Override
  public void policyChanged(SwapMode mode) {
    submit(() -> follow(mode));
  }

  @Override
  void onJoined() {
    follow(SwapMode.CUT);
    followPolicy();
  }

  private void follow(SwapMode mode) {
    endReplacement();
    if (lifecycle().phase() != Phase.OVER) {
      replacement = Replacement.following(this, profile, mode);
    }
  }

  @Override
  void followPolicy() {
    Replacement next = replacement;
    if (next == null) {
      return;
    }
    boolean free = slot() == null;
    boolean leaves = !next.isPatient() && (next.isDue() || isQuiet());
    if (next.profile() == null) {
      if (free || leaves) {
        endReplacement();
        withdraw(next.reason());
      }
      return;
    }
    if (!free && leaves) {
      move(next.reason());
    }
    if (slot() == null) {
      takeOver();
    }
  }

  /** True if closing the connection now takes nothing from anybody. */
  private boolean isQuiet() {
    LinkSlot slot = slot();
    return slot != null && !isTransactional() && !pump().isBusy() && !slot.isInsideMessage();
  }

  /** Gives the connection up for one by the new policy. */
  private void move(LinkFailure why) {
    LinkException cause = StreamErrors.replaced(streamType());
    boolean resend = transaction.survivesCut(cause);
    closeSlot(farewell(), () -> cause);
    step(lifecycle().moved(resend ? why : why.withoutResend()));
  }

  /** Becomes what the new policy says; there is no connection by the old one. */
  private void takeOver() {
    ClientProfile next = replacement == null ? null : replacement.profile();
    if (next != null) {
      endReplacement();
      profile = next;
      adopt(profile.type(), profile.lifecycle());
    }
  }

  private void endReplacement() {
    if (replacement != null) {
      replacement.end();
      replacement = null;
    }
  }

  @Override
  void onReleased() {
    endReplacement();
  }

  // --- attempts -------------------------------------------------------------------------------

  @Override
  void openLink() {
    takeOver();
    if (replacement != null) {
      // The stream type is gone: the stream ends instead, as soon as this step is done.
      return;
    }
    transaction.prepare();
    metadataStore().begin(environment().received());
    LinkSlot slot = attach();
    Optional<Map<String, String>> known = metadataStore().now();
    if (known.isPresent()) {
      dial(slot, known.get());
      return;
    }
    resolving =
        metadataStore()
            .resolve()
            .contextWrite(context())
            .subscribe(
                values -> submit(() -> dialIfStillWanted(slot, values)),
                cause -> submit(() -> failPlanning(slot, cause)));
  }

  private void dialIfStillWanted(LinkSlot slot, Map<String, String> values) {
    if (slot() == slot) {
      dial(slot, values);
    }
  }

  private void dial(LinkSlot slot, Map<String, String> values) {
    if (type().auth().header().isPresent()
        && environment().blobs().get(BlobKind.AUTH, 0).isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", streamType())
          .log("A request goes out without its token: the store of blobs has none");
    }
    try {
      ClientPlan plan =
          profile.planner().client(transaction.request(values).withBlobs(environment().blobs()));
      Link link = environment().clients().link(plan, slot);
      grantCreditTo(link);
      slot.link(link);
      if (plan instanceof HttpPlan http && http.body().kind() == BodyPlan.Kind.NONE) {
        transaction.isWholeWithItsHead();
      }
      link.start();
    } catch (LinkException cause) {
      submit(() -> failPlanning(slot, cause));
    }
  }

  private void failPlanning(LinkSlot slot, Throwable cause) {
    if (slot() != slot) {
      return;
    }
    LinkException failure =
        cause instanceof LinkException link
            ? link
            : new LinkException(
                FailureKind.PLAN,
                "the request of '" + streamType() + "' cannot be made: " + cause.getMessage(),
                null,
                cause);
    boolean messageAtFault = transaction.hasMessage() && failure.kind() == FailureKind.PLAN;
    if (messageAtFault) {
      transaction.fail(failure);
    }
    LinkFailure why = environment().why(failure);
    endAttempt(messageAtFault ? why.withoutResend() : why, failure);
  }

  private void endAttempt(LinkFailure why, Throwable cause) {
    detach(() -> cause);
    step(lifecycle().linkFailed(why, environment().draw()));
  }

  // --- signals --------------------------------------------------------------------------------

  @Override
  void onLinkSignal(LinkSignal signal) {
    if (signal instanceof LinkSignal.Frame frame) {
      deliverFrame(frame.payload(), frame.flags());
    } else if (signal instanceof LinkSignal.Written written) {
      pump().written(written.pieces());
    } else if (signal instanceof LinkSignal.Up up) {
      onUp(up);
    } else if (signal instanceof LinkSignal.Event event) {
      onEvent(event);
    } else if (signal instanceof LinkSignal.Failed failed) {
      onFailed(failed);
    } else if (signal instanceof LinkSignal.Timed timed) {
      deliverTimings(timed.timings());
    } else if (signal instanceof LinkSignal.Closed closed) {
      detach(closed::cause);
      step(lifecycle().linkClosed(environment().why(closed.cause()), environment().draw()));
    } else if (signal instanceof LinkSignal.AuthRefused refused) {
      detach(refused::cause);
      step(lifecycle().authRefused(environment().why(refused.cause()), environment().draw()));
    }
  }

  private void onUp(LinkSignal.Up up) {
    receiveMetadata(up.metadata());
    LinkSlot slot = slot();
    if (slot != null && slot.link() != null) {
      if (!isTransactional() && !profile.type().isFile()) {
        readyForSession(slot.link());
      }
      profile.validity().ifPresent(slot::watch);
    }
    step(lifecycle().linkUp(up.userState()));
  }

  private void readyForSession(Link link) {
    boolean text =
        type().protocol() == Protocol.WS && type().ws().frames() == WsSettings.Frames.TEXT;
    if (text) {
      pump().readyForText(link);
    } else {
      pump().ready(link);
    }
  }

  private void onEvent(LinkSignal.Event event) {
    switch (event) {
      case TX_READY -> {
        LinkSlot slot = slot();
        if (slot != null && slot.link() != null) {
          pump().ready(slot.link(), transaction.framing());
        }
      }
      case ACKED -> onAnswered(Outcome.ACK);
      case NACKED -> onAnswered(Outcome.NACK);
      case ALIVE -> {
        LinkSlot slot = slot();
        if (slot != null) {
          slot.proof();
        }
      }
      case ANSWERED -> {
        // A server's signal; a client link never gives it.
      }
    }
  }

  private void onAnswered(Outcome outcome) {
    long ordinal = transaction.answered(outcome);
    step(lifecycle().acked(outcome, ordinal));
  }

  private void onFailed(LinkSignal.Failed failed) {
    if (failed.cause().kind() == FailureKind.PORTAL) {
      environment().redirected();
    }
    LinkFailure why = environment().why(failed.cause()).withRetryAfter(failed.retryAfterMs());
    endAttempt(transaction.survives(failed) ? why : why.withoutResend(), failed.cause());
  }

  // --- tx -------------------------------------------------------------------------------------

  @Override
  void pumpTx() {
    if (!pump().takesMessage()) {
      return;
    }
    if (isTransactional()) {
      transaction.pump();
    } else if (replacement == null || replacement.isPatient()) {
      pumpSession();
    } else if (pump().isInsideHandlersMessage()) {
      // The last message by the old policy is brought to its end.
      callHandlerTx();
    }
  }

  @Override
  boolean isSession() {
    return !isTransactional() && lifecycle().phase() == Phase.CONNECTED;
  }

  /** Over http a message is done when the peer answered, not when it is written. */
  @Override
  void txWritten(TxMessage message) {
    if (!isTransactional()) {
      super.txWritten(message);
    }
  }

  @Override
  void txUnwritten(TxMessage message, Throwable cause) {
    if (!isTransactional()) {
      super.txUnwritten(message, cause);
    }
  }

  @Override
  void abandonTransaction(Supplier<? extends Throwable> cause) {
    Disposable pending = resolving;
    resolving = null;
    if (pending != null) {
      pending.dispose();
    }
    transaction.abandon(cause);
  }

  @Override
  boolean isIdle() {
    if (!queue().isDrained()) {
      return false;
    }
    return !isTransactional() || slot() == null;
  }
}
