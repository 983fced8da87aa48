package io.securestreams.reactor.transport.http.h3;

import io.netty.channel.Channel;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.SocketAttributes;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** A listener with its UDP socket, which all its connections use. */
final class H3Listener implements Listener {

  private final Channel socket;
  private final H3Reception reception;
  private final BiFunction<ServerPlan, Acceptor, Mono<H3Listening>> preparation;

  /**
   * Takes a bound socket over.
   *
   * @param socket the socket
   * @param reception decides whom it lets in
   * @param preparation makes what connections share that are accepted by another plan
   */
  H3Listener(
      Channel socket,
      H3Reception reception,
      BiFunction<ServerPlan, Acceptor, Mono<H3Listening>> preparation) {
    this.socket = socket;
    this.reception = reception;
    this.preparation = preparation;
  }

  @Override
  public SocketAddress address() {
    return socket.localAddress();
  }

  @Override
  public void pause() {
    reception.wanted(false);
  }

  @Override
  public void resume() {
    reception.wanted(true);
  }

  @Override
  public Mono<Runnable> renew(ServerPlan plan, Acceptor acceptor) {
    return preparation.apply(plan, acceptor).map(next -> () -> goOver(next));
  }

  /** The packets of connections that leave are asked for what the new plan says, too. */
  private void goOver(H3Listening next) {
    SocketAttributes.change(
        reception.current().http().plan().attributes(), next.http().plan().attributes(), socket);
    reception.replace(next);
  }

  /** The socket itself goes with the last of its connections. */
  @Override
  public Mono<Void> close() {
    return Mono.fromRunnable(reception::close);
  }
}
