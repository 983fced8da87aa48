package io.securestreams.reactor.transport.server;

import io.netty.handler.ssl.SslContext;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.ServerTlsContexts;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/** Opens the listeners of all protocols, over TCP and Unix domain sockets. */
public final class Listeners implements ServerTransport {

  private final TransportSettings settings;
  private final Scheduler blocking;
  private final Function<ServerPlan, ServerProtocol> protocols;
  private final Binder binder;

  /**
   * A transport without listeners.
   *
   * @param settings time limits and sizes
   * @param loops event loops; not disposed of here
   * @param blocking where names are resolved and TLS contexts are built
   * @param protocols what is spoken by a plan
   */
  public Listeners(
      TransportSettings settings,
      LoopResources loops,
      Scheduler blocking,
      Function<ServerPlan, ServerProtocol> protocols) {
    this.settings = settings;
    this.blocking = blocking;
    this.protocols = protocols;
    this.binder = new Binder(loops, blocking, settings.servers().connections());
  }

  @Override
  public Mono<Void> verify(ServerPlan plan) {
    return Mono.fromRunnable(() -> tls(plan))
        .subscribeOn(blocking)
        .onErrorMap(error -> ListenAddress.failure(plan, error))
        .then();
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return listening(plan, acceptor)
        .flatMap(
            listening -> {
              CurrentListening current = new CurrentListening(listening);
              return binder
                  .bind(plan, new AcceptedChannels(settings.servers(), current))
                  .<Listener>map(
                      bound ->
                          new BoundListener(
                              bound, current, (next, asked) -> listening(next, asked)));
            })
        .onErrorMap(error -> ListenAddress.failure(plan, error));
  }

  /** On a thread that may block: certificates are decoded, and names are resolved afterwards. */
  private Mono<Listening> listening(ServerPlan plan, Acceptor acceptor) {
    return Mono.fromCallable(
            () -> new Listening(plan, tls(plan), protocols.apply(plan).speaker(plan, acceptor)))
        .subscribeOn(blocking)
        .onErrorMap(error -> ListenAddress.failure(plan, error));
  }

  private Optional<SslContext> tls(ServerPlan plan) {
    return plan.identity()
        .map(identity -> ServerTlsContexts.build(identity, protocols.apply(plan).names(plan)));
  }
}
