package io.securestreams.reactor.transport.http.server;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.TransportSettings;

/**
 * What the connections of a listener share.
 *
 * @param plan what to speak
 * @param settings time limits and sizes
 * @param acceptor asked about every connection
 * @param upgrade what a connection may be upgraded to, if the plan allows it
 * @param metadata how requests set metadata
 */
record ServerListening(
    ServerPlan plan,
    TransportSettings settings,
    Acceptor acceptor,
    ServerUpgrade upgrade,
    ServerRequestMetadata metadata) {

  /** True if connections begin with a TLS handshake. */
  boolean isSecure() {
    return plan.identity().isPresent();
  }
}
