package io.securestreams.reactor.testing;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A listener whose connections the test makes and drives. */
public final class ScriptedServer implements ServerTransport {

  private Optional<Acceptor> acceptor = Optional.empty();
  private Optional<LinkException> failure = Optional.empty();
  private boolean paused;
  private boolean closed;

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor asked) {
    return Mono.fromSupplier(
        () -> {
          if (failure.isPresent()) {
            throw failure.get();
          }
          acceptor = Optional.of(asked);
          return new Scripted();
        });
  }

  /** Has the next bind fail. */
  public void refuseToBind(LinkException cause) {
    failure = Optional.of(cause);
  }

  /** A client connects. */
  public TestLink connect() {
    TestLink link = new TestLink(Optional.empty());
    return link.observedBy(acceptor.orElseThrow().accept(link));
  }

  /** True once something was bound. */
  public boolean isBound() {
    return acceptor.isPresent();
  }

  /** True while connections wait outside. */
  public boolean isPaused() {
    return paused;
  }

  /** True once the listening socket is closed. */
  public boolean isClosed() {
    return closed;
  }

  private final class Scripted implements Listener {

    @Override
    public SocketAddress address() {
      return InetSocketAddress.createUnresolved("scripted", 49152);
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
    public Mono<Runnable> renew(ServerPlan plan, Acceptor asked) {
      return Mono.just(() -> acceptor = Optional.of(asked));
    }

    @Override
    public Mono<Void> close() {
      return Mono.fromRunnable(() -> closed = true);
    }
  }
}
