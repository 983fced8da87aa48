package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A bound server channel. */
final class ServerListener implements Listener {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerListener.class);

  private final DisposableServer server;
  private final String streamType;

  ServerListener(DisposableServer server, String streamType) {
    this.server = server;
    this.streamType = streamType;
    LOGGER
        .atInfo()
        .addKeyValue("streamType", streamType)
        .addKeyValue("peer", server.address())
        .log("Listener started");
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
          LOGGER.atInfo().addKeyValue("streamType", streamType).log("Listener stopped");
          return server.onDispose();
        });
  }
}
