package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** A listener with its bound socket. */
final class BoundListener implements Listener {

  private final Binder.Bound bound;
  private final CurrentListening current;
  private final BiFunction<ServerPlan, Acceptor, Mono<Listening>> preparation;

  /**
   * Takes a bound socket over.
   *
   * @param bound the socket
   * @param current what its connections share
   * @param preparation makes what those share that are accepted by another plan
   */
  BoundListener(
      Binder.Bound bound,
      CurrentListening current,
      BiFunction<ServerPlan, Acceptor, Mono<Listening>> preparation) {
    this.bound = bound;
    this.current = current;
    this.preparation = preparation;
  }

  /** Paths have the JDK's type, whatever made the socket; abstract names have Netty's. */
  @Override
  public SocketAddress address() {
    SocketAddress local = bound.channel().localAddress();
    return local instanceof DomainSocketAddress unix && !unix.path().startsWith("\0")
        ? UnixDomainSocketAddress.of(unix.path())
        : local;
  }

  @Override
  public void pause() {
    bound.admission().wanted(false);
  }

  @Override
  public void resume() {
    bound.admission().wanted(true);
  }

  @Override
  public Mono<Runnable> renew(ServerPlan plan, Acceptor acceptor) {
    return preparation.apply(plan, acceptor).map(next -> () -> current.replace(next));
  }

  @Override
  public Mono<Void> close() {
    return Mono.create(
        sink -> {
          Channel channel = bound.channel();
          current.get().speaker().leave();
          channel.close().addListener(closed -> sink.success());
        });
  }
}
