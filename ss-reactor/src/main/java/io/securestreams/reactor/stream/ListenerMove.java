package io.securestreams.reactor.stream;

import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A bound listener on its way to another policy.
 *
 * <p>Only another address, or UDP in place of TCP, needs another socket. It is bound beside the old
 * one, so that a listener which cannot have it keeps what it has; on the same port, where the two
 * could collide, the old one is closed before, and bound again if that was in vain.
 */
abstract class ListenerMove implements PolicySwap.Prepared {

  private ListenerMove() {}

  /**
   * Makes everything ready that can fail.
   *
   * @param stream the listener
   * @param open its socket
   * @param from what it speaks now
   * @param to what it is to speak
   */
  static Mono<PolicySwap.Prepared> prepare(
      ListenerStream stream, Listener open, ServerProfile from, ServerProfile to) {
    SwapEffect effect = SwapEffect.of(Optional.of(from.type()), Optional.of(to.type()));
    if (effect == SwapEffect.NONE) {
      return Mono.empty();
    }
    if (effect == SwapEffect.REBOUND) {
      return rebind(stream, open, from, to);
    }
    return open.renew(to.plan(), stream.acceptor(to))
        .map(renewal -> new Renewal(stream, to, effect, renewal));
  }

  private static Mono<PolicySwap.Prepared> rebind(
      ListenerStream stream, Listener open, ServerProfile from, ServerProfile to) {
    ServerTransport transport = stream.transport();
    Mono<Listener> fresh = transport.bind(to.plan(), stream.acceptor(to)).doOnNext(Listener::pause);
    if (!from.plan().mayCollideWith(to.plan())) {
      return fresh.map(bound -> new Rebinding(stream, to, bound, Mono.empty()));
    }
    Mono<Void> wayBack =
        transport
            .bind(from.plan(), stream.acceptor(from))
            .doOnNext(stream::backAgain)
            .doOnError(stream::lost)
            .then();
    return open.close()
        .then(fresh)
        .<PolicySwap.Prepared>map(bound -> new Rebinding(stream, to, bound, wayBack))
        .onErrorResume(cause -> wayBack.then(Mono.error(cause)));
  }

  /** The same socket speaks something else. */
  private static final class Renewal extends ListenerMove {

    private final ListenerStream stream;
    private final ServerProfile next;
    private final SwapEffect effect;
    private final Runnable renewal;

    Renewal(ListenerStream stream, ServerProfile next, SwapEffect effect, Runnable renewal) {
      this.stream = stream;
      this.next = next;
      this.effect = effect;
      this.renewal = renewal;
    }

    @Override
    public void commit(SwapMode mode) {
      renewal.run();
      stream.renewed(next, effect, mode);
    }

    @Override
    public Mono<Void> rollBack() {
      return Mono.empty();
    }
  }

  /** Another socket, which does not accept yet. */
  private static final class Rebinding extends ListenerMove {

    private final ListenerStream stream;
    private final ServerProfile next;
    private final Listener bound;
    private final Mono<Void> wayBack;

    Rebinding(ListenerStream stream, ServerProfile next, Listener bound, Mono<Void> wayBack) {
      this.stream = stream;
      this.next = next;
      this.bound = bound;
      this.wayBack = wayBack;
    }

    @Override
    public void commit(SwapMode mode) {
      stream.rebound(bound, next, mode);
    }

    @Override
    public Mono<Void> rollBack() {
      return bound.close().then(wayBack);
    }
  }
}
