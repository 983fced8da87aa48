package io.securestreams.reactor.stream;

import io.securestreams.core.error.BugException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.Effect;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Step;
import io.securestreams.core.lifecycle.Validity;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.TxSink;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
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
  private final StreamType type;
  private final Mailbox mailbox = new Mailbox(this::settle);
  private final StateHub hub = new StateHub();
  private final MetadataStore metadata;
  private final TxQueue queue;
  private final TxPump pump;
  private final Performer performer = new Performer();

  private Lifecycle lifecycle;
  @Nullable private EventOutlet outlet;
  @Nullable private StreamHandler handler;

  /** What was asked for before the stream was created; null once it was. */
  @Nullable private List<Runnable> early;

  private boolean started;
  private volatile boolean subscribed;
  private boolean released;
  private volatile boolean destroyAsked;
  private volatile boolean txOffered;

  @Nullable private Slot slot;
  private boolean openDeferred;
  @Nullable private Timer retryTimer;
  @Nullable private Timer timeoutTimer;
  @Nullable private MonoSink<Void> drained;

  /** A handler asked for tx; its next message has {@link #handlerLength} bytes, -1 if not known. */
  private boolean handlerWantsTx;

  private long handlerLength = -1;
  private long handlerOrdinal;

  StreamShell(Environment environment, StreamType type, Lifecycle lifecycle) {
    this.environment = environment;
    this.type = type;
    this.lifecycle = lifecycle;
    this.metadata = new MetadataStore(type);
    this.queue = new TxQueue(this, environment.txCapacity());
    this.pump = new TxPump(this, queue);
  }

  // --- what subclasses decide -----------------------------------------------------------------

  /** Gets a link; inside the mailbox. */
  abstract void openLink();

  /** A signal that is not the same for all streams. */
  abstract void onLinkSignal(LinkSignal signal);

  /** Sends what can be sent. */
  abstract void pumpTx();

  /** What becomes of a transaction's message when its link is gone. */
  abstract void abandonTransaction(Throwable cause);

  /** True if draining may end the stream now. */
  abstract boolean isIdle();

  /** The stream was created and what was asked for before was done. */
  void onBegun() {}

  /** The stream is over. */
  void onReleased() {}

  // --- the application's side -----------------------------------------------------------------

  @Override
  public final String streamType() {
    return type.name();
  }

  @Override
  public final Flux<StreamEvent> events() {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super StreamEvent> actual) {
        subscribeEvents(actual);
      }
    };
  }

  @Override
  public final Flux<StateEvent> states() {
    return hub.flux();
  }

  @Override
  public final TxSink tx() {
    return queue;
  }

  @Override
  public final SecureStream metadata(String name, String value) {
    metadata.set(name, value);
    return this;
  }

  @Override
  public final SecureStream metadata(String name, Supplier<String> value) {
    metadata.set(name, value);
    return this;
  }

  @Override
  public final SecureStream metadata(String name, Mono<String> value) {
    metadata.set(name, value);
    return this;
  }

  @Override
  public final Optional<String> metadata(String name) {
    return metadata.get(name);
  }

  @Override
  public final void connect() {
    input(() -> step(lifecycle.connectRequested()));
  }

  @Override
  public final void disconnect() {
    input(() -> step(lifecycle.disconnectRequested()));
  }

  @Override
  public final void requestTx() {
    requestTx(-1);
  }

  @Override
  public final void requestTxLen(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative message length " + length);
    }
    requestTx(length);
  }

  private void requestTx(long length) {
    input(
        () -> {
          handlerWantsTx = true;
          if (length >= 0) {
            handlerLength = length;
          }
          step(lifecycle.txRequested());
        });
  }

  @Override
  public final void startTimeout(Duration timeout) {
    long ms = timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("negative timeout " + timeout);
    }
    input(() -> step(lifecycle.timeoutStarted(ms)));
  }

  @Override
  public final void cancelTimeout() {
    input(() -> step(lifecycle.timeoutCancelled()));
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
                  } else {
                    drained = sink;
                  }
                }));
  }

  /** Creates the stream for a handler, at once. */
  final void start(StreamHandler streamHandler) {
    submit(
        () -> {
          handler = streamHandler;
          begin();
        });
  }

  private void subscribeEvents(CoreSubscriber<? super StreamEvent> actual) {
    EventOutlet created = new EventOutlet(actual, this);
    submit(
        () -> {
          if (outlet != null || handler != null) {
            Operators.error(
                actual,
                new IllegalStateException(
                    "the events of stream '"
                        + type.name()
                        + "' already have their subscriber; open another stream"));
            return;
          }
          outlet = created;
          actual.onSubscribe(created);
          begin();
        });
  }

  private void begin() {
    started = true;
    subscribed = true;
    if (released) {
      if (outlet != null) {
        outlet.end();
      }
      return;
    }
    if (destroyAsked || !environment.join(this)) {
      // Nothing was reported yet, so nothing is: the stream ends without a state.
      release();
      return;
    }
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
  private void input(Runnable wish) {
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
      performer.result = StreamReturn.OK;
      List<Effect> effects = step.effects();
      for (int i = 0; i < effects.size(); i++) {
        effects.get(i).performOn(performer);
      }
      if (!lifecycle.awaitsReturn()) {
        return;
      }
      StreamReturn result = performer.result;
      step = lifecycle.returned(result, drawFor(result));
    }
  }

  private int drawFor(StreamReturn result) {
    return result == StreamReturn.DISCONNECT_ME ? environment.draw() : 0;
  }

  /** Brings the world up to date after each round of inputs. */
  private void settle() {
    if (released) {
      queue.failAll(gone());
    } else if (started) {
      if (txOffered) {
        txOffered = false;
        if (!queue.isEmpty()) {
          step(lifecycle.txRequested());
        }
      }
      if (openDeferred && mayOpen()) {
        openDeferred = false;
        openLink();
      }
      pumpTx();
      grantCredit();
    }
    if (outlet != null) {
      outlet.settle();
      if (!released) {
        grantCredit();
      }
    }
    if (drained != null && (released || isIdle())) {
      MonoSink<Void> sink = drained;
      drained = null;
      if (!released) {
        destroyAsked = true;
        step(lifecycle.destroyRequested());
      }
      sink.success();
    }
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
    return handler != null;
  }

  final boolean handlerWantsTx() {
    return handlerWantsTx;
  }

  final long handlerLength() {
    return handlerLength;
  }

  final void forgetHandlerLength() {
    handlerLength = -1;
  }

  final void wantHandlerTx() {
    handlerWantsTx = true;
  }

  /** Starts a wait whose end is an input of this stream. */
  final Timer timer(long delayMs, Runnable action) {
    return new Timer(delayMs, action);
  }

  /** The subscriber's context; empty for handlers. */
  final Context context() {
    EventOutlet current = outlet;
    return current == null ? Context.empty() : current.actual().currentContext();
  }

  /** Checks the validity of the current connection from now on. */
  final void watch(Validity validity) {
    Slot current = slot;
    if (current != null) {
      ValidityTimer timer = new ValidityTimer(this, current, validity);
      current.validity = timer;
      timer.start();
    }
  }

  /** The peer proved to be there. */
  final void proof() {
    Slot current = slot;
    if (current != null && current.validity != null) {
      current.validity.proof();
    }
  }

  /** The peer did not prove to be there in time. */
  final void hangUp(Slot silent, long silenceMs) {
    if (slot == silent) {
      LinkException failure =
          new LinkException(
              FailureKind.TIMEOUT,
              "the peer of '"
                  + type.name()
                  + "' gave no sign of life for "
                  + silenceMs / 1000
                  + " s (svalidhup)");
      closeSlot(LinkClose.ABORT, failure);
      step(lifecycle.linkClosed(LinkFailure.of(failure), environment.draw()));
    }
  }

  /** Attaches a link; what it signals arrives through the returned slot only. */
  final Slot attach() {
    Slot created = new Slot();
    slot = created;
    return created;
  }

  @Nullable
  final Slot slot() {
    return slot;
  }

  final LinkException gone() {
    return new LinkException(
        FailureKind.CLOSED, "stream '" + type.name() + "' was destroyed before it could be sent");
  }

  /** Offers metadata that a peer gave. */
  final void receiveMetadata(List<MetadataValue> values) {
    if (values.isEmpty()) {
      return;
    }
    metadata.receive(values);
    if (outlet != null) {
      for (MetadataValue value : values) {
        outlet.offer(new MetadataEvent(value.name(), value.value()));
      }
    }
  }

  /** Asks the handler for one piece, if it wanted to give one; false if nothing came of it. */
  final boolean callHandlerTx() {
    StreamHandler callee = handler;
    if (callee == null || !handlerWantsTx || !pump.takesMessage()) {
      return false;
    }
    handlerWantsTx = false;
    step(lifecycle.txServed());
    HandlerPiece piece = new HandlerPiece();
    StreamReturn result = guard(() -> callee.tx(this, handlerOrdinal++, piece));
    if (result == StreamReturn.OK && piece.payload != null) {
      pump.sendForHandler(piece.payload, piece.flags);
      return true;
    }
    step(lifecycle.txReturned(result, drawFor(result)));
    return false;
  }

  /** Sends what waits, on a connection without transactions. */
  final void pumpSession() {
    if (!pump.takesMessage()) {
      return;
    }
    pump.sendAll();
    callHandlerTx();
    if (lifecycle.txWanted() && queue.isEmpty() && !handlerWantsTx) {
      step(lifecycle.txServed());
    }
  }

  /** Detaches the link without telling it, when it ended by itself. */
  final void detach(Throwable cause) {
    Slot current = slot;
    if (current != null) {
      slot = null;
      current.active = false;
      current.ended();
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
      queue.fail(message, failed(cause));
    }
  }

  /** The source of a message failed in its middle: the connection cannot carry anything more. */
  void txSourceFailed(TxMessage message, Throwable cause) {
    LinkException failure =
        new LinkException(
            FailureKind.PLAN,
            "the source of a message of '" + type.name() + "' failed in its middle",
            null,
            cause);
    closeSlot(LinkClose.ABORT, failure);
    step(lifecycle.linkClosed(LinkFailure.of(failure).withoutResend(), environment.draw()));
  }

  final StreamFailedException failed(Throwable cause) {
    FailureKind kind = cause instanceof LinkException link ? link.kind() : FailureKind.CLOSED;
    return new StreamFailedException(
        type.name(),
        kind,
        "'" + type.name() + "' could not deliver a message: " + cause.getMessage(),
        cause);
  }

  /** Delivers a received piece. */
  final void deliverFrame(Payload payload, MessageFlags flags) {
    StreamHandler callee = handler;
    if (callee != null) {
      StreamReturn result = guard(() -> callee.rx(this, payload, flags));
      if (result != StreamReturn.OK) {
        step(lifecycle.rxReturned(result, drawFor(result)));
      }
      return;
    }
    if (outlet != null) {
      outlet.offer(new PayloadEvent(payload, flags));
    }
  }

  private StreamReturn deliverState(StateEvent event) {
    LOGGER
        .atDebug()
        .addKeyValue("streamType", type.name())
        .addKeyValue("state", event)
        .log("State");
    hub.publish(event);
    StreamReturn result = StreamReturn.OK;
    StreamHandler callee = handler;
    if (callee != null) {
      result = guard(() -> callee.state(this, event));
    } else if (outlet != null) {
      outlet.offer(event);
    }
    if (event.state() == StreamState.ALL_RETRIES_FAILED) {
      queue.failAll(exhausted(event));
    }
    return destroyAsked ? StreamReturn.HANDLE_DESTROYED : result;
  }

  private StreamFailedException exhausted(StateEvent event) {
    return new StreamFailedException(
        type.name(),
        event.failureKind().orElse(FailureKind.CLOSED),
        "'"
            + type.name()
            + "' gave up after "
            + event.attempt()
            + " attempts: "
            + event.failure().map(StateEvent.Failure::detail).orElse("no connection"),
        null);
  }

  private StreamReturn guard(Supplier<StreamReturn> callback) {
    try {
      StreamReturn result = callback.get();
      return destroyAsked ? StreamReturn.HANDLE_DESTROYED : result;
    } catch (RuntimeException failure) {
      LOGGER
          .atError()
          .addKeyValue("streamType", type.name())
          .setCause(failure)
          .log("A callback threw; its stream is destroyed");
      return StreamReturn.DESTROY_ME;
    }
  }

  // --- effects --------------------------------------------------------------------------------

  private boolean mayOpen() {
    return outlet == null || outlet.undelivered() < MAX_UNDELIVERED;
  }

  private void grantCredit() {
    Slot current = slot;
    if (current == null) {
      return;
    }
    EventOutlet receiver = outlet;
    current.allow(handler != null || receiver == null ? Long.MAX_VALUE : receiver.demand());
  }

  private void closeSlot(LinkClose how, Throwable cause) {
    Slot current = slot;
    detach(cause);
    if (current != null) {
      current.close(how);
    }
  }

  private void release() {
    released = true;
    cancel(retryTimer);
    cancel(timeoutTimer);
    closeSlot(LinkClose.NORMAL, gone());
    queue.close();
    queue.failAll(
        new StreamClosedException(
            type.name(), "stream '" + type.name() + "' was destroyed before it could be sent"));
    environment.leave(this);
    hub.end();
    onReleased();
    if (outlet != null) {
      outlet.end();
    }
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Performs effects; remembers the result of the callback that an emission led to. */
  private final class Performer implements Effect.Performer {

    private StreamReturn result = StreamReturn.OK;

    @Override
    public void emit(StateEvent event) {
      result = deliverState(event);
    }

    @Override
    public void openLink() {
      if (mayOpen()) {
        StreamShell.this.openLink();
      } else {
        openDeferred = true;
      }
    }

    @Override
    public void closeLink() {
      openDeferred = false;
      closeSlot(
          LinkClose.NORMAL,
          new LinkException(
              FailureKind.CLOSED,
              "'" + type.name() + "' closed its connection before it was sent"));
    }

    @Override
    public void scheduleRetry(long delayMs) {
      cancel(retryTimer);
      retryTimer = new Timer(delayMs, () -> step(lifecycle.retryDue()));
    }

    @Override
    public void cancelRetry() {
      cancel(retryTimer);
      retryTimer = null;
    }

    @Override
    public void armTimeout(long ms) {
      cancel(timeoutTimer);
      timeoutTimer = new Timer(ms, () -> step(lifecycle.timeoutFired()));
    }

    @Override
    public void cancelTimeout() {
      cancel(timeoutTimer);
      timeoutTimer = null;
    }

    @Override
    public void serveTx() {
      poke();
    }

    @Override
    public void release() {
      StreamShell.this.release();
    }

    @Override
    public void violation(BugException bug) {
      LOGGER
          .atError()
          .addKeyValue("streamType", type.name())
          .setCause(bug)
          .log("The stream is destroyed; please report this");
    }
  }

  /** A wait that ends inside the mailbox, unless it was cancelled before. */
  final class Timer {

    private final Disposable scheduled;
    private boolean cancelled;

    Timer(long delayMs, Runnable action) {
      scheduled =
          environment
              .scheduler()
              .schedule(
                  () ->
                      submit(
                          () -> {
                            if (!cancelled) {
                              action.run();
                            }
                          }),
                  delayMs,
                  TimeUnit.MILLISECONDS);
    }

    void cancel() {
      cancelled = true;
      scheduled.dispose();
    }
  }

  /** Where one link's signals arrive; deaf once the stream has let go of the link. */
  final class Slot implements LinkObserver {

    private boolean active = true;
    @Nullable private Link link;
    private long allowed;
    @Nullable private ValidityTimer validity;

    @Override
    public void signal(LinkSignal signal) {
      if (mailbox.tryEnter()) {
        handle(signal);
        mailbox.leave();
      } else {
        submit(() -> handle(signal));
      }
    }

    private void handle(LinkSignal signal) {
      if (active) {
        if (signal instanceof LinkSignal.Frame) {
          allowed = allowed == Long.MAX_VALUE ? allowed : Math.max(0, allowed - 1);
        }
        onLinkSignal(signal);
      }
    }

    /** The slot's link; to be called once. */
    void link(Link owned) {
      link = owned;
    }

    @Nullable Link link() {
      return link;
    }

    private void allow(long demand) {
      Link target = link;
      if (validity != null) {
        validity.reading(demand > 0 || allowed > 0);
      }
      if (target == null || allowed == Long.MAX_VALUE || demand <= allowed) {
        return;
      }
      long more = demand == Long.MAX_VALUE ? demand : demand - allowed;
      allowed = demand;
      target.request(more);
    }

    private void ended() {
      if (validity != null) {
        validity.cancel();
      }
    }

    private void close(LinkClose how) {
      if (link != null) {
        link.close(how);
      }
    }
  }

  /** Takes the piece of one tx callback. */
  private static final class HandlerPiece implements StreamHandler.TxBuffer {

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
  }
}
