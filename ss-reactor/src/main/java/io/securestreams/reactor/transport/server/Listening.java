package io.securestreams.reactor.transport.server;

import io.netty.handler.ssl.SslContext;
import io.securestreams.core.plan.ServerPlan;
import java.util.Optional;

/**
 * What the connections that a listener accepts by one plan share.
 *
 * @param plan what to speak
 * @param tls present exactly if TLS is required
 * @param speaker speaks on them
 */
record Listening(ServerPlan plan, Optional<SslContext> tls, ServerSpeaker speaker) {}
