package io.securestreams.reactor.transport.http.h3;

import io.netty.handler.codec.quic.QuicSslContext;
import io.securestreams.reactor.transport.http.server.ServerListening;

/**
 * What the connections that a listener accepts by one plan share.
 *
 * @param http what they share as those of other versions do
 * @param tls of their handshakes
 */
record H3Listening(ServerListening http, QuicSslContext tls) {}
