package io.securestreams.reactor.transport.http.h2;

import io.netty.channel.Channel;
import io.securestreams.reactor.transport.http.server.ServerListening;
import io.securestreams.reactor.transport.http.server.ServerMultiplexing;

/** Speaks HTTP/2 with the clients of a listener. Source: RFC 9113. */
public final class H2Servers implements ServerMultiplexing {

  @Override
  public void speak(Channel channel, ServerListening listening) {
    H2Codec codec = H2Codec.server(listening.settings().headerBytes(), listening.plan().upgrades());
    channel.pipeline().addLast(new H2ServerConnection(codec, channel, listening));
    channel.config().setAutoRead(true);
  }
}
