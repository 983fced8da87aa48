package io.securestreams.reactor.transport.http;

import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.TransportSettings;
import java.time.Clock;
import reactor.core.publisher.Mono;

/** Transactions of http clients, over kept connections. Safe from any thread. */
public final class HttpClients {

  private final ClientLimits limits;
  private final SingleConnections singles;
  private final SharedConnections shared;
  private final SharedConnections quic;

  /**
   * Creates clients without connections.
   *
   * @param dialer opens those that carry one transaction at a time
   * @param h2 opens those that speak HTTP/2, or HTTP/1.1 if the peer prefers that
   * @param h3 opens those that speak HTTP/3
   * @param settings time limits and sizes
   * @param clock is asked when a response says until when to wait and has no date of its own
   */
  public HttpClients(
      Dialer dialer,
      SharedConnection.Opener h2,
      SharedConnection.Opener h3,
      TransportSettings settings,
      Clock clock) {
    this.limits = ClientLimits.of(settings, clock);
    this.singles = new SingleConnections(dialer, settings);
    this.shared = new SharedConnections(h2, singles);
    this.quic = new SharedConnections(h3, singles);
  }

  /**
   * Prepares one transaction.
   *
   * @param plan the request, and how its response is judged
   * @param observer told everything that happens
   */
  public Link link(HttpPlan plan, LinkObserver observer) {
    return new ClientHttpLink(source(plan), limits, plan, observer);
  }

  private ClientSource source(HttpPlan plan) {
    return switch (plan.wire()) {
      case H1 -> singles;
      case H2, H2_PRIOR_KNOWLEDGE -> shared;
      case H3 -> quic;
    };
  }

  /** Closes unused connections once subscribed; those in use are closed after their transaction. */
  public Mono<Void> close() {
    return Mono.fromRunnable(
        () -> {
          singles.close();
          shared.close();
          quic.close();
        });
  }
}
