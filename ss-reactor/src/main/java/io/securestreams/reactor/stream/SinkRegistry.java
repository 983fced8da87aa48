package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** The sinks of one context, by their stream type: what a port is to other listeners. */
final class SinkRegistry implements ServerTransport {

  private final Map<String, Registration> sinks = new ConcurrentHashMap<>();

  /** Who speaks for a sink. */
  Optional<Acceptor> sink(String streamType) {
    return Optional.ofNullable(sinks.get(streamType)).map(registered -> registered.acceptor);
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return Mono.fromSupplier(
        () -> {
          Registration registration = new Registration(plan.streamType(), acceptor);
          if (sinks.putIfAbsent(plan.streamType(), registration) != null) {
            throw new LinkException(
                FailureKind.CONNECT,
                "a sink of '" + plan.streamType() + "' is registered already; destroy it before");
          }
          return registration;
        });
  }

  /** A registered sink. */
  private final class Registration implements Listener {

    private final String streamType;
    private volatile Acceptor acceptor;

    Registration(String streamType, Acceptor acceptor) {
      this.streamType = streamType;
      this.acceptor = acceptor;
    }

    @Override
    public SocketAddress address() {
      return new SinkAddress(streamType);
    }

    @Override
    public void pause() {
      // Whoever joins waits for the sink's demand, not in a backlog.
    }

    @Override
    public void resume() {
      // It was never paused.
    }

    @Override
    public Mono<Runnable> renew(ServerPlan plan, Acceptor asked) {
      return Mono.just(() -> acceptor = asked);
    }

    @Override
    public Mono<Void> close() {
      return Mono.fromRunnable(() -> sinks.remove(streamType, this));
    }
  }

  /** Where a sink is found: its stream type. */
  private static final class SinkAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    private final String streamType;

    SinkAddress(String streamType) {
      this.streamType = streamType;
    }

    @Override
    public String toString() {
      return "sink " + streamType;
    }
  }
}
