package io.securestreams.reactor.transport.local;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * Connects the client and server streams of one process without a socket: http and WebSocket stream
 * types work unchanged, whatever host they name; the port alone tells listeners apart.
 *
 * <p>It has no threads and no time of its own: everything happens on the thread that causes it, so
 * that tests with virtual time see one definite order. TLS is not spoken. Attempts can be made to
 * fail by {@link #failNext}. Safe from any thread.
 */
public final class LocalTransport implements ClientTransport, ServerTransport {

  private static final int FIRST_FREE_PORT = 49152;

  private final Map<Integer, LocalListener> listeners = new ConcurrentHashMap<>();
  private final Queue<LinkSignal.Failed> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ports = new AtomicInteger(FIRST_FREE_PORT);

  /** A transport without listeners and faults. */
  public static LocalTransport create() {
    return new LocalTransport();
  }

  private LocalTransport() {}

  /**
   * Makes the next attempt that is not already told to fail, fail.
   *
   * @param kind how
   * @return this
   */
  public LocalTransport failNext(FailureKind kind) {
    return failNext(kind, 0);
  }

  /**
   * Makes the next attempt that is not already told to fail, fail as a busy server would.
   *
   * @param kind how
   * @param retryAfterMs the peer asks to wait at least this long, in ms
   * @return this
   */
  public LocalTransport failNext(FailureKind kind, long retryAfterMs) {
    LinkException cause = new LinkException(kind, "a test wanted this attempt to fail: " + kind);
    faults.add(new LinkSignal.Failed(cause, retryAfterMs, LinkSignal.Delivery.NOT_SENT));
    return this;
  }

  @Override
  public Link link(ClientPlan plan, LinkObserver observer) {
    if (plan instanceof RequestPlan request) {
      return new LocalConnection(this, request, observer).client();
    }
    throw new LinkException(
        FailureKind.POLICY,
        "stream type '" + plan.streamType() + "': the local transport speaks http and ws only");
  }

  @Override
  public Mono<Void> close() {
    return Mono.empty();
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return Mono.fromSupplier(
        () -> {
          int port = plan.port() == 0 ? ports.getAndIncrement() : plan.port();
          LocalListener listener = new LocalListener(plan, acceptor, port);
          if (listeners.putIfAbsent(port, listener) != null) {
            throw new LinkException(
                FailureKind.CONNECT,
                "'" + plan.streamType() + "' cannot listen: port " + port + " is in use");
          }
          return listener;
        });
  }

  /** The fault that the next attempt meets. */
  Optional<LinkSignal.Failed> nextFault() {
    return Optional.ofNullable(faults.poll());
  }

  /** Who listens where a client wants to go. */
  Optional<LocalListener> listener(Target target) {
    return Optional.ofNullable(listeners.get(target.port()));
  }

  /** A listener is a name in a map. */
  final class LocalListener implements Listener {

    private final int port;
    private volatile ServerPlan plan;
    private volatile Acceptor acceptor;
    private volatile boolean paused;

    private LocalListener(ServerPlan plan, Acceptor acceptor, int port) {
      this.plan = plan;
      this.acceptor = acceptor;
      this.port = port;
    }

    ServerPlan plan() {
      return plan;
    }

    Acceptor acceptor() {
      return acceptor;
    }

    boolean isPaused() {
      return paused;
    }

    @Override
    public SocketAddress address() {
      return InetSocketAddress.createUnresolved("local", port);
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
    }

    @Override
    public Mono<Runnable> renew(ServerPlan next, Acceptor asked) {
      return Mono.just(
          () -> {
            plan = next;
            acceptor = asked;
          });
    }

    @Override
    public Mono<Void> close() {
      return Mono.fromRunnable(() -> listeners.remove(port, this));
    }
  }
}
