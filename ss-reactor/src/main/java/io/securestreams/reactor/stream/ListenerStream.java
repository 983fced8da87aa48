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
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A listener: binds when its accepted streams are subscribed, and hands them out on demand. */
public class ListenerStream extends ListenerFace implements Environment.Member {

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private final ListenerUpdate update = new ListenerUpdate(this);

  /** Changes with the policy; the name never does. */
  private volatile ServerProfile profile;

  private Lifecycle lifecycle;
  @Nullable private AcceptedOutlet outlet;
  @Nullable private Disposable binding;
  private boolean leaving;
  private boolean over;

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

  ListenerStream(Environment environment, ServerProfile profile, @Nullable Callbacks callbacks) {
    super(environment, profile.type().name(), callbacks);
    this.profile = profile;
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
    ListenerStream created =
        new ListenerStream(environment, policy.server(streamType), Callbacks.of(handler));
    created.start();
    return created;
  }

  /** Binds for a handler, at once. */
  final void start() {
    mailbox().submit(this::bind);
  }

  /** What the stream type must be. */
  Side side() {
    return Side.SERVER;
  }

  /** Binds it. */
  ServerTransport transport() {
    return environment().servers();
  }

  @Override
  final void subscribed(CoreSubscriber<? super AcceptedStream> subscriber) {
    if (outlet != null || arrivals().haveHandler()) {
      Operators.error(
          subscriber,
          new IllegalStateException(
              "the accepted streams of '"
                  + streamType()
                  + "' already have their subscriber or handler; serve the stream type again"));
      return;
    }
    AcceptedOutlet created = new AcceptedOutlet(subscriber, mailbox()::poke, this::destroy);
    outlet = created;
    subscriber.onSubscribe(created);
    bind();
  }

  private void bind() {
    if (over || !environment().join(this)) {
      over = true;
      return;
    }
    PolicySnapshot policy = environment().policy();
    Optional<PolicyException> refusal = policy.refusal(streamType(), side());
    if (refusal.isPresent()) {
      bindFailed(refusal.get());
      return;
    }
    profile = policy.server(streamType());
    binding =
        transport()
            .bind(profile.plan(), acceptor(profile))
            .subscribe(
                open -> mailbox().submit(() -> opened(open)),
                cause -> mailbox().submit(() -> bindFailed(cause)));
  }

  /** True if no socket may be opened any more. */
  private boolean isLeaving() {
    return over || leaving || environment().isClosing();
  }

  private void opened(Listener open) {
    if (isLeaving()) {
      socket().discard(open);
      return;
    }
    socket().open(open);
    step(lifecycle.create());
    // The policy may have changed while the socket was being bound.
    update.follow(SwapMode.CUT);
  }

  private void bindFailed(Throwable cause) {
    over = true;
    environment().leave(this);
    socket().fail(cause);
    hub().end();
    if (outlet != null) {
      outlet.fail(cause);
    }
  }

  /** Takes connections as streams of a profile. */
  Acceptor acceptor(ServerProfile by) {
    return link ->
        arrivals().accept(released -> new ServedStream(environment(), by, link, released));
  }

  /** Tells the observers of its states. */
  final void publish(StateEvent event) {
    mailbox().submit(() -> hub().publish(event));
  }

  @Override
  final void settle() {
    AcceptedOutlet subscriber = outlet;
    if (subscriber == null) {
      return;
    }
    if (over) {
      subscriber.complete();
    } else {
      subscriber.deliver(arrivals()::next);
      socket().accept(subscriber.isAsked());
    }
  }

  // --- ends -----------------------------------------------------------------------------------

  @Override
  final void stopAccepting() {
    leaving = true;
    arrivals().close();
    socket().close();
  }

  @Override
  final void end() {
    if (!over) {
      end(lifecycle.destroyRequested());
      arrivals().destroy();
    }
  }

  /** Listener first, then each accepted stream: lws_ss_destroy of a server. */
  private void end(Step last) {
    over = true;
    arrivals().close();
    if (binding != null) {
      binding.dispose();
    }
    step(last);
    socket().close();
    hub().end();
    environment().leave(this);
  }

  // --- policy ---------------------------------------------------------------------------------

  @Override
  public SwapEffect effectOf(PolicySnapshot next) {
    return next.effectOn(profile.type());
  }

  @Override
  public Mono<PolicySwap.Prepared> prepare(PolicySnapshot next) {
    return update.prepare(next);
  }

  @Override
  public void policyChanged(SwapMode mode) {
    mailbox().submit(() -> update.follow(mode));
  }

  /** The profile of connections that are accepted now. */
  ServerProfile profile() {
    return profile;
  }

  /** The socket, while it is open; any thread. */
  @Nullable Listener open() {
    return socket().current();
  }

  /** The stream type is gone, or is no server any more: the listener ends. Inside the mailbox(). */
  void withdraw(String reason, SwapMode mode) {
    LOGGER
        .atWarn()
        .addKeyValue("streamType", streamType())
        .addKeyValue("reason", reason)
        .log("The listener ends with the policy that it belongs to");
    end(lifecycle.withdrawn(LinkFailure.of(FailureKind.POLICY, reason)));
    part(mode);
  }

  /** Connections that are accepted from now on are spoken to by another profile. */
  void renewed(ServerProfile next, SwapEffect effect, SwapMode mode) {
    mailbox()
        .submit(
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
    mailbox()
        .submit(
            () -> {
              if (isLeaving()) {
                socket().discard(fresh);
                return;
              }
              socket().close();
              profile = next;
              step(lifecycle.policyChanged(next.lifecycle()));
              socket().reopen(fresh, arrivals().haveHandler());
              part(mode);
            });
  }

  /** The move to another address was in vain. */
  void backAgain(Listener old) {
    mailbox()
        .submit(
            () -> {
              if (isLeaving()) {
                socket().discard(old);
              } else {
                socket().reopen(old, arrivals().haveHandler());
              }
            });
  }

  /** Neither the new address nor the old one can be had. */
  void lost(Throwable cause) {
    LOGGER
        .atError()
        .addKeyValue("streamType", streamType())
        .setCause(cause)
        .log("A listener lost its address");
    mailbox().submit(this::end);
  }

  /** Streams that were accepted by what holds no longer end. */
  private void part(SwapMode mode) {
    arrivals().part(mode, LinkFailure.of(StreamErrors.replaced(streamType())));
  }

  @Override
  public Mono<Void> drain() {
    return Mono.fromRunnable(() -> mailbox().submit(socket()::close));
  }

  private void step(Step first) {
    Step step = first;
    for (; ; ) {
      lifecycle = step.next();
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Emit emit) {
          hub().publish(emit.event());
        }
      }
      if (!lifecycle.awaitsReturn()) {
        return;
      }
      step = lifecycle.returned(StreamReturn.OK, 0);
    }
  }
}
