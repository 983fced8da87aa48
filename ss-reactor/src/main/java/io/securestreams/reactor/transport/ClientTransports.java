package io.securestreams.reactor.transport;

import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.FilePlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.file.FileClients;
import io.securestreams.reactor.transport.http.ClientLegs;
import io.securestreams.reactor.transport.http.HttpClients;
import io.securestreams.reactor.transport.http.h2.H2Opener;
import io.securestreams.reactor.transport.http.h3.H3Opener;
import io.securestreams.reactor.transport.raw.RawClients;
import io.securestreams.reactor.transport.ws.WsClients;
import java.time.Clock;
import java.util.Set;
import reactor.core.publisher.Mono;

/** The network transports of clients, by the kind of the plan. */
public final class ClientTransports implements ClientTransport {

  private final Dialer dialer;
  private final HttpClients http;
  private final WsClients ws;
  private final RawClients raw;
  private final FileClients files;
  private final ClientLegs legs = new ClientLegs();

  /**
   * Creates the transports, without any connection.
   *
   * @param dialer opens connections
   * @param settings time limits and sizes
   * @param clock is asked when a response says until when to wait and has no date of its own
   * @param files reads file endpoints, or refuses to
   */
  public ClientTransports(
      Dialer dialer, TransportSettings settings, Clock clock, FileClients files) {
    this.dialer = dialer;
    this.http =
        new HttpClients(
            dialer,
            new H2Opener(dialer, settings),
            new H3Opener(dialer.quic(), settings),
            settings,
            clock);
    this.ws = new WsClients(dialer, settings, clock);
    this.raw = new RawClients(dialer);
    this.files = files;
  }

  @Override
  public Link link(ClientPlan plan, LinkObserver observer) {
    if (plan instanceof HttpPlan request) {
      return legs.http(request, observer, http::link);
    }
    if (plan instanceof WsPlan socket) {
      return legs.ws(socket, observer, ws::link);
    }
    if (plan instanceof RawPlan bytes) {
      return raw.link(bytes, observer);
    }
    if (plan instanceof FilePlan file) {
      return files.link(file, observer);
    }
    throw new IllegalArgumentException("no transport for " + plan.getClass().getSimpleName());
  }

  @Override
  public Mono<Runnable> prepare(Set<TlsPlan> plans) {
    return dialer.prepare(plans);
  }

  @Override
  public Mono<Void> close() {
    return http.close().doFinally(closed -> dialer.close());
  }
}
