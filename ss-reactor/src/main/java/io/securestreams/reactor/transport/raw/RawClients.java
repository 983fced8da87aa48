package io.securestreams.reactor.transport.raw;

import io.securestreams.core.plan.RawPlan;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;

/** Byte streams of clients, each on a connection of its own. Safe from any thread. */
public final class RawClients {

  private final Dialer dialer;

  /**
   * Creates the transport.
   *
   * @param dialer opens connections
   */
  public RawClients(Dialer dialer) {
    this.dialer = dialer;
  }

  /**
   * Prepares one connection.
   *
   * @param plan where to
   * @param observer told everything that happens
   */
  public Link link(RawPlan plan, LinkObserver observer) {
    return new RawLink(dialer, plan, observer);
  }
}
