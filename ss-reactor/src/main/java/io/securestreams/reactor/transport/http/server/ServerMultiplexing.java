package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;

/** Speaks a version of http that has many transactions on a connection. */
@FunctionalInterface
public interface ServerMultiplexing {

  /**
   * Takes over an accepted connection, on its event loop.
   *
   * @param channel is active; its pipeline ends with TLS, if there is any
   * @param listening what all connections of the listener share
   */
  void speak(Channel channel, ServerListening listening);
}
