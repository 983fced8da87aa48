package io.securestreams.reactor.stream;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.SecureStreamsException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.Effect;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LifecycleProfile;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Step;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * The runtime of one stream: takes inputs one at a time, asks the {@link Lifecycle} what follows,
 * and performs that on link, timers and subscriber.
 *
 * <p>What differs between clients and accepted streams is in the subclasses; this class decides
 * nothing that the lifecycle decides.
 */
abstract class StreamShell implements SecureStream, Environment.Member {

  /** States that may wait for a subscriber without demand before no new attempt starts. */
  static final int MAX_UNDELIVERED = 64;

  private static final Logger LOGGER = LoggerFactory.getLogger(StreamShell.class);

  private final Environment environment;

  /** Changes with the policy; the name never does. */
  private volatile StreamType type;

  private final Mailbox mailbox =
      new Mailbox() {
        @Override
        void settle() {
          StreamShell.this.settle();
        }
      };
  private final Audience audience = new Audience(this);
  private final MetadataStore metadata;
  private final TxQueue queue;
  private final TxPump pump;
  private final EffectPerformer performer = new EffectPerformer(this);

  private Lifecycle lifecycle;

  /** What was asked for before the stream was created; null once it was. */
  @Nullable private List<Runnable> early;

  private boolean started;
  private volatile boolean subscribed;
  private boolean released;
  private volatile boolean destroyAsked;
  private volatile boolean txOffered;

  /** The application threw. */
  private boolean faulty;

  /** Changes inside the mailbox only. */
  @Nullable private volatile LinkSlot slot;

  /** Made when a handler's tx callback is asked for the first time. */
  @Nullable private HandlerTx handlerTx;

  /** Who waits until the stream may end. */
  @Nullable private List<MonoSink<Void>> drained;

  StreamShell(Environment environment, StreamType type, Lifecycle lifecycle) {
    this.environment = environment;
    this.type = type;
    this.lifecycle = lifecycle;
    this.metadata = new MetadataStore(type);
    this.queue = new TxQueue(this, environment.txCapacity());
    this.pump = new TxPump(this);
  }

  // --- what subclasses decide -----------------------------------------------------------------

  /** Gets a link; inside the mailbox. */
  abstract void openLink();

  /** A signal that is not the same for all streams. */
  abstract void onLinkSignal(LinkSignal signal);

  /** A signal came that must wait for its turn; any thread. */
  void announced(LinkSignal signal) {}

  /** Sends what can be sent. */
  abstract void pumpTx();

  /** True if the link takes messages as they come, without a transaction for each. */
  abstract boolean isSession();

  /** What becomes of a transaction's message when its link is gone. */
  abstract void abandonTransaction(Supplier<? extends Throwable> cause);

  /** True if draining may end the stream now. */
  abstract boolean isIdle();

  /** How many messages one transaction takes. */
  int partCount() {
    return 1;
  }

  /** Brings a stream up to date that was made from a policy which may have changed meanwhile. */
  void onJoined() {}

  /** Does what a change of the policy asks for, as soon as the link allows it. */
  void followPolicy() {}

  /** The stream was created and what was asked for before was done. */
  void onBegun() {}

  /** Tells the peer that the application threw, if more can be said than the link's end says. */
  void tellFault() {}

  /** The stream is over. */
  void onReleased() {}

  // --- life -----------------------------------------------------------------------------------

  /** Somebody listens: the stream is created, unless it was destroyed before. */
  final void begin() {
    subscribed = true;
    if (released) {
      audience.end();
      return;
    }
    if (destroyAsked || !environment.join(this)) {
      // Nothing was reported yet, so nothing is: the stream ends without a state.
      release();
      return;
    }
    enter();
  }

  /** Has the stream created, now or when what it depends on is there. */
  void enter() {
    create();
  }

  /** Creates the stream: its first event, and what was asked for before. */
  final void create() {
    if (released) {
      return;
    }
    started = true;
    onJoined();
    step(lifecycle.create());
    if (early != null) {
      List<Runnable> asked = early;
      early = null;
      asked.forEach(Runnable::run);
    }
    onBegun();
  }

  /** True if neither subscriber nor handler came yet. */
  final boolean isUnsubscribed() {
    return !subscribed;
  }

  /** Runs an application's wish in order, or keeps it until the stream is created. */
  final void input(Runnable wish) {
    submit(
        () -> {
          if (started) {
            wish.run();
            return;
          }
          if (early == null) {
            early = new ArrayList<>(2);
          }
          early.add(wish);
        });
  }

  @Override
  public final void destroy() {
    destroyAsked = true;
    submit(() -> step(lifecycle.destroyRequested()));
  }

  @Override
  public final Mono<Void> drain() {
    return Mono.create(
        sink ->
            submit(
                () -> {
                  if (released) {
                    sink.success();
                    return;
                  }
                  if (drained == null) {
                    drained = new ArrayList<>(1);
                  }
                  drained.add(sink);
                }));
  }

  @Override
  public final String streamType() {
    return type.name();
  }

  private SecureStreamsException endedError() {
    return StreamErrors.ended(type.name(), lifecycle.lastFailure());
  }

  /** Ends the stream because nothing may be made of its type any more; inside the mailbox. */
  final void withdraw(LinkFailure why) {
    destroyAsked = true;
    step(lifecycle.withdrawn(why));
  }

  /** Takes over what a new policy says; inside the mailbox, without a link of the old one. */
  final void adopt(StreamType changed, LifecycleProfile facts) {
    type = changed;
    metadata.adopt(changed);
    step(lifecycle.policyChanged(facts));
  }

  // --- inputs ---------------------------------------------------------------------------------

  /** Runs a task inside the mailbox. */
  final void submit(Runnable task) {
    mailbox.submit(task);
  }

  /** Has the stream look at demand and queues soon. */
  final void poke() {
    mailbox.poke();
  }

  /** A message was put into the queue; any thread. */
  final void txOffered() {
    txOffered = true;
    mailbox.poke();
  }

  /** Feeds a step and all that follows from the callbacks' results to the world. */
  final void step(Step first) {
    Step step = first;
    for (; ; ) {
      lifecycle = step.next();
      List<Effect> effects = step.effects();
      for (int i = 0; i < effects.size(); i++) {
        effects.get(i).performOn(performer);
      }
      if (!lifecycle.awaitsReturn()) {
        return;
      }
      StreamReturn result = performer.takeResult();
      step = lifecycle.returned(result, drawFor(result));
    }
  }

  private int drawFor(StreamReturn result) {
    return result == StreamReturn.DISCONNECT_ME ? environment.draw() : 0;
  }

  /** Brings the world up to date after each round of inputs. */
  private void settle() {
    audience.settle();
    if (released) {
      queue.failAll(this::endedError);
    } else if (started) {
      if (txOffered) {
        txOffered = false;
        if (isSession()) {
          // What is taken at once need not be remembered as wanted.
          pumpTx();
        }
        if (!queue.isEmpty()) {
          step(lifecycle.txRequested());
        }
      }
      followPolicy();
      performer.settle();
      pumpTx();
    }
    grantCredit();
    if (drained != null && (released || isIdle())) {
      List<MonoSink<Void>> waiting = drained;
      drained = null;
      if (!released) {
        destroyAsked = true;
        step(lifecycle.destroyRequested());
      }
      waiting.forEach(MonoSink::success);
    }
    audience.settle();
  }

  // --- what subclasses use --------------------------------------------------------------------

  final Environment environment() {
    return environment;
  }

  final StreamType type() {
    return type;
  }

  final Lifecycle lifecycle() {
    return lifecycle;
  }

  final MetadataStore metadataStore() {
    return metadata;
  }

  final TxQueue queue() {
    return queue;
  }

  final TxPump pump() {
    return pump;
  }

  final boolean hasHandler() {
    return audience.hasHandler();
  }

  final Audience audience() {
    return audience;
  }

  /** The link, while there is one; any thread. */
  @Nullable
  final Link link() {
    LinkSlot current = slot;
    return current == null ? null : current.link();
  }

  /** What the handler asked for, or is about to. */
  final HandlerTx handlerTx() {
    HandlerTx asked = handlerTx;
    if (asked == null) {
      asked = new HandlerTx();
      handlerTx = asked;
    }
    return asked;
  }

  /** True if the tx callback was asked for and did not run yet. */
  final boolean isHandlerTxWanted() {
    return handlerTx != null && handlerTx.isWanted();
  }

  /** True inside the tx callback; any thread. */
  final boolean isInsideHandlerTx() {
    HandlerTx asked = handlerTx;
    return asked != null && asked.isAsking();
  }

  /** The tx callback does not run for what was asked until now. */
  final void forgetHandlerTx() {
    if (handlerTx != null) {
      handlerTx.forget();
    }
  }

  /** The subscriber's context; empty for handlers. */
  final Context context() {
    return audience.context();
  }

  /** The peer did not prove to be there in time. */
  final void hangUp(LinkSlot silent, long silenceMs) {
    if (slot == silent) {
      LinkException failure = StreamErrors.silent(type.name(), silenceMs);
      closeSlot(LinkClose.ABORT, () -> failure);
      step(lifecycle.linkClosed(LinkFailure.of(failure), environment.draw()));
    }
  }

  /** Attaches a link; what it signals arrives through the returned slot only. */
  final LinkSlot attach() {
    LinkSlot created = new LinkSlot(this, mailbox);
    slot = created;
    return created;
  }

  @Nullable
  final LinkSlot slot() {
    return slot;
  }

  /** Offers metadata that a peer gave. */
  final void receiveMetadata(List<MetadataValue> values) {
    if (values.isEmpty()) {
      return;
    }
    metadata.receive(values);
    audience.metadata(values);
  }

  /** Asks the handler for one piece, if it wanted to give one; true if that ended its message. */
  final boolean callHandlerTx() {
    if (!hasHandler() || !isHandlerTxWanted() || !pump.takesMessage()) {
      return false;
    }
    step(lifecycle.txServed());
    HandlerTx asked = handlerTx();
    HandlerTx.Piece piece = new HandlerTx.Piece();
    StreamReturn result = answered(audience.tx(asked.take(), piece));
    asked.taken();
    Payload payload = piece.payload();
    if (result == StreamReturn.OK && payload != null) {
      pump.sendForHandler(payload, piece.flags());
      return piece.flags().eom();
    }
    step(lifecycle.txReturned(result, drawFor(result)));
    return false;
  }

  /** The handler gives the pieces of one message until the last. */
  final void pumpHandlerBody() {
    HandlerTx asked = handlerTx();
    if (!asked.hasEnded() && callHandlerTx()) {
      asked.end();
    }
  }

  /** Sends what waits, on a connection without transactions. */
  final void pumpSession() {
    if (!pump.takesMessage()) {
      return;
    }
    pump.sendAll();
    callHandlerTx();
    if (lifecycle.txWanted() && queue.isEmpty() && !isHandlerTxWanted()) {
      step(lifecycle.txServed());
    }
  }

  /**
   * Detaches the link without telling it, when it ended by itself.
   *
   * @param cause asked only if a message suffers
   */
  final void detach(Supplier<? extends Throwable> cause) {
    LinkSlot current = slot;
    if (current != null) {
      slot = null;
      current.detach();
    }
    pump.unlink(cause);
    abandonTransaction(cause);
  }

  /** A message could not be delivered and nobody waits for it. */
  final void txLost(Throwable cause) {
    LOGGER
        .atDebug()
        .addKeyValue("streamType", type.name())
        .addKeyValue("failure", cause.getMessage())
        .log("A message was accepted and could not be delivered");
  }

  /** A message is written completely. */
  void txWritten(TxMessage message) {
    queue.succeed(message);
  }

  /** A message was not written when its link went. */
  void txUnwritten(TxMessage message, Throwable cause) {
    if (message.isRepeatable()) {
      message.reset();
      queue.giveBack(message);
      txOffered = true;
    } else {
      queue.fail(
          message, destroyAsked ? endedError() : StreamErrors.undelivered(type.name(), cause));
    }
  }

  /** A message cannot be brought to its end: the connection cannot carry anything more. */
  final void txBroken(LinkException failure) {
    closeSlot(LinkClose.ABORT, () -> failure);
    LinkFailure why = LinkFailure.of(failure);
    // A transaction is over with its message; a session only lost its connection.
    step(
        lifecycle.linkClosed(
            type.isTransactional() ? why.withoutResend() : why, environment.draw()));
  }

  /** Delivers a received piece. */
  final void deliverFrame(Payload payload, MessageFlags flags) {
    StreamReturn result = answered(audience.payload(payload, flags));
    if (result != StreamReturn.OK) {
      step(lifecycle.rxReturned(result, drawFor(result)));
    }
  }

  /** Delivers timings; of what a handler returns, only the wish to end counts. */
  final void deliverTimings(ConnectionTimings timings) {
    StreamReturn result = answered(audience.timings(timings));
    if (result == StreamReturn.DESTROY_ME || result == StreamReturn.HANDLE_DESTROYED) {
      step(lifecycle.rxReturned(result, drawFor(result)));
    }
  }

  final StreamReturn deliverState(StateEvent event) {
    if (event.state() == StreamState.ALL_RETRIES_FAILED) {
      // Before it is told: tx wanted in answer to the state begins an attempt of its own.
      forgetHandlerTx();
      queue.failAll(() -> StreamErrors.exhausted(type.name(), event));
    }
    return answered(audience.state(event));
  }

  /** What a callback's result comes to: a destroy() from inside it wins. */
  private StreamReturn answered(StreamReturn result) {
    return destroyAsked ? StreamReturn.HANDLE_DESTROYED : result;
  }

  // --- effects --------------------------------------------------------------------------------

  final boolean mayOpen() {
    return audience.undelivered() < MAX_UNDELIVERED;
  }

  private void grantCredit() {
    LinkSlot current = slot;
    if (current != null) {
      current.allow(audience.demand());
    }
  }

  final void closeSlot(LinkClose how, Supplier<? extends Throwable> cause) {
    LinkSlot current = slot;
    if (how != LinkClose.ABORT) {
      pump.leave();
    }
    detach(cause);
    if (current != null) {
      current.close(how);
    }
  }

  /** The application threw, and the stream is about to end for it. */
  final void failed() {
    faulty = true;
    tellFault();
  }

  /** What a peer is told that did nothing wrong. */
  final LinkClose farewell() {
    if (faulty) {
      return LinkClose.FAULT;
    }
    return goesAway() ? LinkClose.GOING_AWAY : LinkClose.NORMAL;
  }

  /** True if who owns the stream comes to its end. */
  boolean goesAway() {
    return environment.isClosing();
  }

  final void release() {
    released = true;
    started = true;
    performer.stop();
    closeSlot(farewell(), () -> StreamErrors.closed(type.name()));
    queue.close();
    queue.failAll(this::endedError);
    environment.leave(this);
    audience.end();
    onReleased();
  }
}
