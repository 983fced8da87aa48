package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A bound server channel. */
final class ServerListener implements Listener {

  private final DisposableServer server;

  ServerListener(DisposableServer server) {
    this.server = server;
  }

  @Override
  public SocketAddress address() {
    return server.address();
  }

  @Override
  public void pause() {
    accepting(false);
  }

  @Override
  public void resume() {
    accepting(true);
  }

  private void accepting(boolean accepts) {
    Channel channel = server.channel();
    // Elsewhere it would take effect only after one more round of accepting.
    channel.eventLoop().execute(() -> channel.config().setAutoRead(accepts));
  }

  @Override
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          server.dispose();
          return server.onDispose();
        });
  }
}
