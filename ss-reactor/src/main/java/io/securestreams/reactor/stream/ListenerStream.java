package io.securestreams.reactor.stream;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.lifecycle.Effect;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.Step;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerLink;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
import reactor.core.publisher.Sinks;

/** A listener: binds when its accepted streams are subscribed, and hands them out on demand. */
public final class ListenerStream implements StreamServer, Environment.Member {

  /** How long an accepted stream may wait for a subscriber. */
  static final long UNSUBSCRIBED_LIMIT_MS = 15_000;

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private static final AtomicLongFieldUpdater<ListenerStream> REQUESTED =
      AtomicLongFieldUpdater.newUpdater(ListenerStream.class, "requested");

  private final Environment environment;
  private final ServerProfile profile;
  @Nullable private final StreamHandler handler;
  private final Mailbox mailbox = new Mailbox(this::settle);
  private final StateHub hub = new StateHub();
  private final Sinks.One<SocketAddress> bound = Sinks.one();
  private final Set<ServedStream> served = new LinkedHashSet<>();
  private final ArrayDeque<ServedStream> waiting = new ArrayDeque<>();

  private volatile long requested;
  private Lifecycle lifecycle;
  @Nullable private CoreSubscriber<? super AcceptedStream> actual;
  @Nullable private Listener listener;
  @Nullable private Disposable binding;
  private boolean paused;
  private boolean over;
  private boolean completed;

  /**
   * Creates a listener that hands its accepted streams to a subscriber.
   *
   * @param environment what all streams of the context share
   * @param profile what to bind and to speak
   */
  public ListenerStream(Environment environment, ServerProfile profile) {
    this(environment, profile, null);
  }

  private ListenerStream(
      Environment environment, ServerProfile profile, @Nullable StreamHandler handler) {
    this.environment = environment;
    this.profile = profile;
    this.handler = handler;
    this.lifecycle = Lifecycle.listener(profile.lifecycle());
  }

  /**
   * Creates a listener whose accepted streams all use one handler, and binds at once.
   *
   * @param environment what all streams of the context share
   * @param profile what to bind and to speak
   * @param handler the handler of each accepted stream
   */
  public static ListenerStream started(
      Environment environment, ServerProfile profile, StreamHandler handler) {
    ListenerStream created = new ListenerStream(environment, profile, handler);
    created.mailbox.submit(created::bind);
    return created;
  }

  @Override
  public String streamType() {
    return profile.type().name();
  }

  @Override
  public Mono<SocketAddress> address() {
    return bound.asMono();
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
                  + streamType()
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
    binding =
        environment
            .servers()
            .bind(profile.plan(), this::accept)
            .subscribe(
                open -> mailbox.submit(() -> opened(open)),
                cause -> mailbox.submit(() -> bindFailed(cause)));
  }

  private void opened(Listener open) {
    if (over) {
      close(open);
      return;
    }
    listener = open;
    LOGGER
        .atInfo()
        .addKeyValue("streamType", streamType())
        .addKeyValue("address", open.address())
        .log("Listening");
    bound.tryEmitValue(open.address());
    step(lifecycle.create());
  }

  private void bindFailed(Throwable cause) {
    over = true;
    completed = true;
    environment.leave(this);
    bound.tryEmitError(cause);
    hub.end();
    if (actual != null) {
      actual.onError(cause);
    }
  }

  /** On the event loop of the new connection. */
  private Optional<LinkObserver> accept(ServerLink link) {
    if (over) {
      return Optional.empty();
    }
    Admission admission = new Admission();
    ServedStream stream = new ServedStream(environment, profile, link, admission);
    admission.stream = stream;
    mailbox.submit(() -> admit(stream, admission));
    return Optional.ofNullable(stream.slot());
  }

  /** Ties an accepted stream to its listener until it is released. */
  private final class Admission implements Runnable {

    @Nullable private ServedStream stream;
    @Nullable private Disposable limit;

    @Override
    public void run() {
      ServedStream ended = stream;
      if (ended != null) {
        mailbox.submit(() -> forget(ended));
      }
      Disposable timer = limit;
      if (timer != null) {
        timer.dispose();
      }
    }
  }

  private void admit(ServedStream stream, Admission admission) {
    if (over) {
      stream.destroy();
      return;
    }
    served.add(stream);
    if (handler != null) {
      stream.start(handler);
      return;
    }
    admission.limit =
        environment
            .scheduler()
            .schedule(
                () -> destroyIfUnsubscribed(stream), UNSUBSCRIBED_LIMIT_MS, TimeUnit.MILLISECONDS);
    waiting.add(stream);
  }

  private void destroyIfUnsubscribed(ServedStream stream) {
    if (stream.isUnsubscribed()) {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", streamType())
          .addKeyValue("peer", stream.peer().orElse("?"))
          .log("Nobody subscribed the events of an accepted stream; it is closed");
      stream.destroy();
    }
  }

  private void forget(ServedStream stream) {
    served.remove(stream);
    waiting.remove(stream);
  }

  private void settle() {
    CoreSubscriber<? super AcceptedStream> subscriber = actual;
    if (subscriber != null && !completed) {
      while (!over && requested > 0 && !waiting.isEmpty()) {
        if (requested != Long.MAX_VALUE) {
          REQUESTED.decrementAndGet(this);
        }
        subscriber.onNext(waiting.remove());
      }
      if (over) {
        completed = true;
        subscriber.onComplete();
      }
    }
    Listener open = listener;
    if (open != null && handler == null && !over) {
      boolean full = requested == 0;
      if (full && !paused) {
        open.pause();
      } else if (!full && paused) {
        open.resume();
      }
      paused = full;
    }
  }

  @Override
  public void destroy() {
    mailbox.submit(
        () -> {
          if (!over) {
            over = true;
            end();
          }
        });
  }

  private void end() {
    if (binding != null) {
      binding.dispose();
    }
    bound.tryEmitEmpty();
    step(lifecycle.destroyRequested());
    closeListener();
    // Listener first, then each accepted stream: lws_ss_destroy of a server.
    List.copyOf(served).forEach(StreamShell::destroy);
    hub.end();
    environment.leave(this);
  }

  private void closeListener() {
    Listener open = listener;
    listener = null;
    if (open != null) {
      LOGGER
          .atInfo()
          .addKeyValue("streamType", streamType())
          .addKeyValue("address", open.address())
          .log("Stopped listening");
      close(open);
    }
  }

  private void close(Listener open) {
    open.close()
        .subscribe(
            nothing -> {},
            cause ->
                LOGGER
                    .atWarn()
                    .addKeyValue("streamType", streamType())
                    .addKeyValue("failure", cause.getMessage())
                    .log("A listener did not close"));
  }

  @Override
  public Mono<Void> drain() {
    return Mono.fromRunnable(() -> mailbox.submit(this::closeListener));
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
