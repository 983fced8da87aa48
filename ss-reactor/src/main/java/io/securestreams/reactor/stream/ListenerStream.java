package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.lifecycle.Effect;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Step;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A listener: binds when its accepted streams are subscribed, and hands them out on demand. */
public final class ListenerStream implements StreamServer, Environment.Member {

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private static final AtomicLongFieldUpdater<ListenerStream> REQUESTED =
      AtomicLongFieldUpdater.newUpdater(ListenerStream.class, "requested");

  private final Environment environment;
  private final String name;
  @Nullable private final StreamHandler handler;
  private final Mailbox mailbox = new Mailbox(this::settle);
  private final ListenerSocket socket;
  private final StateHub hub = new StateHub();
  private final Arrivals arrivals;

  private volatile long requested;

  /** Changes with the policy; the name never does. */
  private volatile ServerProfile profile;

  private Lifecycle lifecycle;
  @Nullable private CoreSubscriber<? super AcceptedStream> actual;
  @Nullable private Disposable binding;
  private boolean over;
  private boolean completed;

  /**
   * Creates a listener that hands its accepted streams to a subscriber.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   */
  public ListenerStream(Environment environment, PolicySnapshot policy, String streamType) {
    this(environment, policy.server(streamType), null);
  }

  private ListenerStream(
      Environment environment, ServerProfile profile, @Nullable StreamHandler handler) {
    this.environment = environment;
    this.name = profile.type().name();
    this.profile = profile;
    this.socket = new ListenerSocket(name);
    this.handler = handler;
    this.arrivals = new Arrivals(environment, name, mailbox, handler);
    this.lifecycle = Lifecycle.listener(profile.lifecycle());
  }

  /**
   * Creates a listener whose accepted streams all use one handler, and binds at once.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   * @param handler the handler of each accepted stream
   */
  public static ListenerStream started(
      Environment environment, PolicySnapshot policy, String streamType, StreamHandler handler) {
    ListenerStream created = new ListenerStream(environment, policy.server(streamType), handler);
    created.mailbox.submit(created::bind);
    return created;
  }

  @Override
  public String streamType() {
    return name;
  }

  @Override
  public Mono<SocketAddress> address() {
    return socket.address();
  }

  @Override
  public Flux<StateEvent> states() {
    return hub.flux();
  }

  @Override
  public Flux<AcceptedStream> accepted() {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super AcceptedStream> subscriber) {
        mailbox.submit(() -> subscribed(subscriber));
      }
    };
  }

  private void subscribed(CoreSubscriber<? super AcceptedStream> subscriber) {
    if (actual != null || handler != null) {
      Operators.error(
          subscriber,
          new IllegalStateException(
              "the accepted streams of '"
                  + name
                  + "' already have their subscriber or handler; serve the stream type again"));
      return;
    }
    actual = subscriber;
    subscriber.onSubscribe(new Demand());
    bind();
  }

  /** The subscriber's hand on the listener. */
  private final class Demand implements Subscription {

    @Override
    public void request(long n) {
      if (Operators.validate(n)) {
        Operators.addCap(REQUESTED, ListenerStream.this, n);
        mailbox.poke();
      }
    }

    @Override
    public void cancel() {
      destroy();
    }
  }

  private void bind() {
    if (over || !environment.join(this)) {
      over = true;
      return;
    }
    PolicySnapshot policy = environment.policy();
    Optional<PolicyException> refusal = policy.refusal(name, Side.SERVER);
    if (refusal.isPresent()) {
      bindFailed(refusal.get());
      return;
    }
    profile = policy.server(name);
    binding =
        environment
            .servers()
            .bind(profile.plan(), acceptor(profile))
            .subscribe(
                open -> mailbox.submit(() -> opened(open)),
                cause -> mailbox.submit(() -> bindFailed(cause)));
  }

  /** True if no socket may be opened any more. */
  private boolean isLeaving() {
    return over || environment.isClosing();
  }

  private void opened(Listener open) {
    if (isLeaving()) {
      socket.discard(open);
      return;
    }
    socket.open(open);
    step(lifecycle.create());
    // The policy may have changed while the socket was being bound.
    follow(SwapMode.CUT);
  }

  private void bindFailed(Throwable cause) {
    over = true;
    completed = true;
    environment.leave(this);
    socket.fail(cause);
    hub.end();
    if (actual != null) {
      actual.onError(cause);
    }
  }

  Environment environment() {
    return environment;
  }

  /** Takes connections as streams of a profile. */
  Acceptor acceptor(ServerProfile by) {
    return link -> arrivals.accept(by, link);
  }

  private void deliver(CoreSubscriber<? super AcceptedStream> subscriber) {
    while (!over && requested > 0) {
      AcceptedStream stream = arrivals.next();
      if (stream == null) {
        return;
      }
      if (requested != Long.MAX_VALUE) {
        REQUESTED.decrementAndGet(this);
      }
      subscriber.onNext(stream);
    }
  }

  private void settle() {
    CoreSubscriber<? super AcceptedStream> subscriber = actual;
    if (subscriber != null && !completed) {
      deliver(subscriber);
      if (over) {
        completed = true;
        subscriber.onComplete();
      }
    }
    if (handler == null && !over) {
      socket.accept(requested > 0);
    }
  }

  @Override
  public void destroy() {
    mailbox.submit(
        () -> {
          if (!over) {
            end();
          }
        });
  }

  private void end() {
    end(lifecycle.destroyRequested());
    arrivals.destroy();
  }

  /** Listener first, then each accepted stream: lws_ss_destroy of a server. */
  private void end(Step last) {
    over = true;
    arrivals.close();
    if (binding != null) {
      binding.dispose();
    }
    step(last);
    socket.close();
    hub.end();
    environment.leave(this);
  }

  // --- policy ---------------------------------------------------------------------------------

  @Override
  public SwapEffect effectOf(PolicySnapshot next) {
    return next.effectOn(profile.type());
  }

  @Override
  public Mono<PolicySwap.Prepared> prepare(PolicySnapshot next) {
    Listener open = socket.current();
    return open == null || next.refusal(name, Side.SERVER).isPresent()
        ? Mono.empty()
        : ListenerMove.prepare(this, open, profile, next.server(name));
  }

  @Override
  public void policyChanged(SwapMode mode) {
    mailbox.submit(() -> follow(mode));
  }

  private void follow(SwapMode mode) {
    PolicySnapshot policy = environment.policy();
    Listener open = socket.current();
    if (over || open == null || mode.isKeeping()) {
      return;
    }
    Optional<PolicyException> refusal = policy.refusal(name, Side.SERVER);
    if (refusal.isPresent()) {
      withdraw(String.valueOf(refusal.get().getMessage()), mode);
      return;
    }
    // A listener that was bound in time has gone over already: this is for one that was not.
    ListenerMove.prepare(this, open, profile, policy.server(name))
        .flatMap(move -> finish(move, policy, mode))
        .subscribe(nothing -> {}, this::couldNotFollow);
  }

  /** Unless the policy changed once more meanwhile: then that change is followed. */
  private Mono<Void> finish(PolicySwap.Prepared move, PolicySnapshot policy, SwapMode mode) {
    if (environment.policy() != policy) {
      return move.rollBack();
    }
    move.commit(mode);
    return Mono.empty();
  }

  private void couldNotFollow(Throwable cause) {
    LOGGER
        .atError()
        .addKeyValue("streamType", name)
        .setCause(cause)
        .log("A listener stays as it was, because it cannot be what the new policy says");
  }

  private void withdraw(String reason, SwapMode mode) {
    LOGGER
        .atWarn()
        .addKeyValue("streamType", name)
        .addKeyValue("reason", reason)
        .log("The listener ends with the policy that it belongs to");
    end(lifecycle.withdrawn(LinkFailure.of(FailureKind.POLICY, reason)));
    part(mode);
  }

  /** Connections that are accepted from now on are spoken to by another profile. */
  void renewed(ServerProfile next, SwapEffect effect, SwapMode mode) {
    mailbox.submit(
        () -> {
          profile = next;
          step(lifecycle.policyChanged(next.lifecycle()));
          if (effect == SwapEffect.SECURED) {
            part(mode);
          }
        });
  }

  /** Connections are accepted somewhere else from now on. */
  void rebound(Listener fresh, ServerProfile next, SwapMode mode) {
    mailbox.submit(
        () -> {
          if (isLeaving()) {
            socket.discard(fresh);
            return;
          }
          socket.close();
          profile = next;
          step(lifecycle.policyChanged(next.lifecycle()));
          socket.reopen(fresh, handler != null);
          part(mode);
        });
  }

  /** The move to another address was in vain. */
  void backAgain(Listener old) {
    mailbox.submit(
        () -> {
          if (isLeaving()) {
            socket.discard(old);
          } else {
            socket.reopen(old, handler != null);
          }
        });
  }

  /** Neither the new address nor the old one can be had. */
  void lost(Throwable cause) {
    LOGGER
        .atError()
        .addKeyValue("streamType", name)
        .setCause(cause)
        .log("A listener lost its address");
    mailbox.submit(
        () -> {
          if (!over) {
            end();
          }
        });
  }

  /** Streams that were accepted by what holds no longer end. */
  private void part(SwapMode mode) {
    arrivals.part(mode, LinkFailure.of(StreamErrors.replaced(name)));
  }

  @Override
  public Mono<Void> drain() {
    return Mono.fromRunnable(() -> mailbox.submit(socket::close));
  }

  private void step(Step first) {
    Step step = first;
    for (; ; ) {
      lifecycle = step.next();
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Emit emit) {
          hub.publish(emit.event());
        }
      }
      if (!lifecycle.awaitsReturn()) {
        return;
      }
      step = lifecycle.returned(StreamReturn.OK, 0);
    }
  }
}
