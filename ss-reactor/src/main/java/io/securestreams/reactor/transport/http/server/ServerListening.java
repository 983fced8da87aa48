package io.securestreams.reactor.transport.http.server;

import io.netty.handler.ssl.SslContext;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Optional;

/**
 * What the connections of a listener share.
 *
 * @param plan what to speak
 * @param settings time limits and sizes
 * @param acceptor asked about every connection
 * @param upgrade what a connection may be upgraded to, if the plan allows it
 * @param metadata how requests set metadata
 * @param tls present exactly if TLS is required
 */
record ServerListening(
    ServerPlan plan,
    TransportSettings settings,
    Acceptor acceptor,
    ServerUpgrade upgrade,
    ServerRequestMetadata metadata,
    Optional<SslContext> tls) {}
