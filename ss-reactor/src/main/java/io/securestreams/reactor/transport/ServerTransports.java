package io.securestreams.reactor.transport;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.h2.H2Servers;
import io.securestreams.reactor.transport.http.h3.H3Listeners;
import io.securestreams.reactor.transport.http.server.ServerHttp;
import io.securestreams.reactor.transport.raw.ServerRaw;
import io.securestreams.reactor.transport.server.Listeners;
import io.securestreams.reactor.transport.server.ServerProtocol;
import io.securestreams.reactor.transport.ws.ServerWsUpgrade;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * The network transports of listeners, by the protocol of the plan. A listener of protocol ws
 * serves ordinary requests, too, as the reference does.
 */
public final class ServerTransports implements ServerTransport {

  private final ServerProtocol http;
  private final ServerProtocol raw = new ServerRaw();
  private final ServerTransport listeners;
  private final ServerTransport h3;

  /**
   * Creates the transports, without any listener.
   *
   * @param settings time limits and sizes
   * @param loops event loops; not disposed of here
   * @param blocking where names are resolved and TLS contexts are built
   */
  public ServerTransports(TransportSettings settings, LoopResources loops, Scheduler blocking) {
    ServerWsUpgrade upgrade = new ServerWsUpgrade(settings);
    this.http = new ServerHttp(settings, upgrade, new H2Servers());
    this.h3 = new H3Listeners(settings, loops, blocking, upgrade);
    this.listeners = new Listeners(settings, loops, blocking, this::protocol);
  }

  private ServerProtocol protocol(ServerPlan plan) {
    return switch (plan.protocol()) {
      case RAW -> raw;
      case H1, H2, WS -> http;
      case H3, MQTT ->
          throw new IllegalArgumentException(plan.protocol() + " is not served over TCP");
    };
  }

  private ServerTransport transport(ServerPlan plan) {
    return plan.protocol().isOverUdp() ? h3 : listeners;
  }

  @Override
  public Mono<Void> verify(ServerPlan plan) {
    return transport(plan).verify(plan);
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return transport(plan).bind(plan, acceptor);
  }
}
