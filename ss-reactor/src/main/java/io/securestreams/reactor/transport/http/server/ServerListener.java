package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A bound server channel. */
final class ServerListener implements Listener {

  private final DisposableServer server;
  private final BiFunction<ServerPlan, Acceptor, Mono<Runnable>> renewal;

  /**
   * Takes a bound channel over.
   *
   * @param server the channel
   * @param renewal prepares it to speak by another plan
   */
  ServerListener(
      DisposableServer server, BiFunction<ServerPlan, Acceptor, Mono<Runnable>> renewal) {
    this.server = server;
    this.renewal = renewal;
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
  public Mono<Runnable> renew(ServerPlan plan, Acceptor acceptor) {
    return renewal.apply(plan, acceptor);
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
