package io.securestreams.reactor.transport.http.server;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.TransportSettings;

/**
 * What the connections of a listener share.
 *
 * @param plan what to speak
 * @param settings time limits and sizes
 * @param acceptor asked about every connection, or every request of one that carries many
 * @param upgrade what a connection may be upgraded to, if the plan allows it
 * @param metadata how requests set metadata
 * @param connections those that carry many transactions
 */
public record ServerListening(
    ServerPlan plan,
    TransportSettings settings,
    Acceptor acceptor,
    ServerUpgrade upgrade,
    ServerRequestMetadata metadata,
    ServerConnections connections) {

  /**
   * What the connections of a new plan share.
   *
   * @param plan what to speak
   * @param settings time limits and sizes
   * @param acceptor asked about every connection, or every request of one that carries many
   * @param upgrade what a connection may be upgraded to, if the plan allows it
   */
  public static ServerListening of(
      ServerPlan plan, TransportSettings settings, Acceptor acceptor, ServerUpgrade upgrade) {
    return new ServerListening(
        plan,
        settings,
        acceptor,
        upgrade,
        new ServerRequestMetadata(plan.metadata()),
        new ServerConnections());
  }
}
