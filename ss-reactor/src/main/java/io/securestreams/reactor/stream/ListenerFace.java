package io.securestreams.reactor.stream;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.api.TxHandler;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The calls of an application, each turned into something that happens inside the mailbox. */
abstract class ListenerFace implements StreamServer {

  private final Environment environment;
  private final String name;
  private final Mailbox mailbox =
      new Mailbox() {
        @Override
        void settle() {
          ListenerFace.this.settle();
        }
      };
  private final ListenerSocket socket;
  private final StateHub hub = new StateHub();
  private final Arrivals arrivals;

  ListenerFace(Environment environment, String name, @Nullable Callbacks callbacks) {
    this.environment = environment;
    this.name = name;
    this.socket = new ListenerSocket(name);
    this.arrivals = new Arrivals(environment, name, mailbox, callbacks);
  }

  /** Somebody wants the accepted streams; inside the mailbox. */
  abstract void subscribed(CoreSubscriber<? super AcceptedStream> subscriber);

  /** Brings the world up to date after each round of inputs. */
  abstract void settle();

  /** No client is taken any more; inside the mailbox. */
  abstract void stopAccepting();

  /** Ends it all, unless that was done; inside the mailbox. */
  abstract void end();

  final Environment environment() {
    return environment;
  }

  final Mailbox mailbox() {
    return mailbox;
  }

  final ListenerSocket socket() {
    return socket;
  }

  final StateHub hub() {
    return hub;
  }

  final Arrivals arrivals() {
    return arrivals;
  }

  @Override
  public final String streamType() {
    return name;
  }

  @Override
  public final Mono<SocketAddress> address() {
    return socket.address();
  }

  @Override
  public final Flux<StateEvent> states() {
    return hub.flux();
  }

  @Override
  public final Flux<AcceptedStream> accepted() {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super AcceptedStream> subscriber) {
        mailbox.submit(() -> subscribed(subscriber));
      }
    };
  }

  @Override
  public final List<AcceptedStream> clients() {
    return List.copyOf(arrivals.clients());
  }

  @Override
  public final Mono<Void> broadcast(Publisher<Payload> messages, SlowConsumer slow) {
    return new Broadcast(arrivals::clients, slow).of(messages, hub.flux().ignoreElements());
  }

  @Override
  public final void changeHandlers(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    arrivals.changeHandlers(rx, tx, state);
  }

  @Override
  public final Mono<Void> closeGracefully(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return inside(this::stopAccepting)
        .thenMany(Flux.defer(() -> Flux.fromIterable(arrivals.clients())))
        .flatMap(LinkedStream::leave, Integer.MAX_VALUE)
        .then()
        .timeout(limit, Mono.empty(), environment.scheduler())
        .then(inside(this::end));
  }

  /** Runs a task inside the mailbox once subscribed; completes when it ran. */
  private Mono<Void> inside(Runnable task) {
    return Mono.create(
        sink ->
            mailbox.submit(
                () -> {
                  task.run();
                  sink.success();
                }));
  }

  @Override
  public final void destroy() {
    mailbox.submit(this::end);
  }
}
