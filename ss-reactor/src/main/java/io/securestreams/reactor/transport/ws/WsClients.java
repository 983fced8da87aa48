package io.securestreams.reactor.transport.ws;

import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.TransportSettings;
import java.time.Clock;

/** WebSockets of clients, each on a connection of its own. Safe from any thread. */
public final class WsClients {

  private final Dialer dialer;
  private final TransportSettings settings;
  private final Clock clock;

  /**
   * Creates the transport.
   *
   * @param dialer opens connections
   * @param settings time limits and sizes
   * @param clock is asked when a response says until when to wait and has no date of its own
   */
  public WsClients(Dialer dialer, TransportSettings settings, Clock clock) {
    this.dialer = dialer;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Prepares one WebSocket.
   *
   * @param plan the upgrade, and what follows
   * @param observer told everything that happens
   */
  public Link link(WsPlan plan, LinkObserver observer) {
    return new ClientWsLink(dialer, settings, clock, plan, observer);
  }
}
