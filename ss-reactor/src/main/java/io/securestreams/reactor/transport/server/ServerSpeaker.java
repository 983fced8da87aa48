package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;

/** Speaks a protocol by one plan, on any number of connections. */
@FunctionalInterface
public interface ServerSpeaker {

  /**
   * Takes over an accepted connection, on its event loop, before it is active. It is read by
   * request only. With TLS, the handshake's handler is in its pipeline, and the handshake begins
   * when the connection is read.
   *
   * @param channel the connection
   */
  void speak(Channel channel);

  /**
   * No more connections come: another plan is in force, or the listener is closed. Connections that
   * nobody else would end have to end. Any thread.
   */
  default void leave() {}
}
