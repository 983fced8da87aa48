package io.securestreams.reactor.transport.ws;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.server.ServerHttpTransport;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * Listens for http/1.1 and, where the plan allows it, for WebSockets on the same port. A listener
 * of protocol ws serves ordinary requests, too, as the reference does.
 */
public final class ServerWsTransport implements ServerTransport {

  private final ServerHttpTransport http;

  /**
   * A transport without listeners.
   *
   * @param settings time limits and sizes
   * @param loops event loops; not disposed of here
   * @param blocking where names are resolved and TLS contexts are built
   */
  public ServerWsTransport(TransportSettings settings, LoopResources loops, Scheduler blocking) {
    this.http = new ServerHttpTransport(settings, loops, blocking, new ServerWsUpgrade(settings));
  }

  @Override
  public Mono<Void> verify(ServerPlan plan) {
    return http.verify(plan);
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return http.bind(plan, acceptor);
  }
}
