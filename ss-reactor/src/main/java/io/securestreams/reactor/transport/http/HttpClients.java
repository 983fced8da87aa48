package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.TransportSettings;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * HTTP/1.1 transactions over kept connections.
 *
 * <p>Transactions to equal targets, trust store included, share connections, one transaction on a
 * connection at a time. A transaction that finds no unused connection opens one: nothing ever
 * queues for a connection, and there are as many as there are transactions under way. An unused one
 * is closed after {@link TransportSettings#poolIdle()}, or as soon as anything comes from the peer.
 * Safe from any thread.
 */
public final class HttpClients {

  private final Dialer dialer;
  private final TransportSettings settings;
  private final Clock clock;
  private final ConcurrentMap<Key, HttpEndpoint> endpoints = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Creates a pool without connections.
   *
   * @param dialer opens them
   * @param settings time limits and sizes
   * @param clock is asked when a response says until when to wait and has no date of its own
   */
  public HttpClients(Dialer dialer, TransportSettings settings, Clock clock) {
    this.dialer = dialer;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Prepares one transaction.
   *
   * @param plan the request, and how its response is judged
   * @param observer told everything that happens
   */
  public Link link(HttpPlan plan, LinkObserver observer) {
    return new ClientHttpLink(this, plan, observer);
  }

  /** Closes unused connections once subscribed; those in use are closed after their transaction. */
  public Mono<Void> close() {
    return Mono.fromRunnable(
        () -> {
          closed = true;
          endpoints
              .values()
              .forEach(endpoint -> endpoint.close().forEach(ClientHttpConnection::shut));
        });
  }

  TransportSettings settings() {
    return settings;
  }

  long responseNanos() {
    return settings.response().toNanos();
  }

  long inactivityNanos() {
    return settings.inactivity().toNanos();
  }

  Clock clock() {
    return clock;
  }

  /**
   * Finds a kept connection or opens one.
   *
   * @return gives a dial up
   */
  Disposable lease(ClientHttpLink link) {
    HttpEndpoint endpoint = endpoints.get(new Key(link.target()));
    ClientHttpConnection kept = endpoint == null ? null : endpoint.poll();
    if (kept == null) {
      return dial(link);
    }
    kept.attach(link);
    return () -> {};
  }

  /** Opens a connection even if one is kept. */
  Disposable dial(ClientHttpLink link) {
    Key key = new Key(link.target());
    HttpEndpoint endpoint =
        endpoints.compute(
            key, (k, known) -> (known == null ? new HttpEndpoint(k.target()) : known).retain());
    Arrival arrival = new Arrival(link, endpoint);
    Disposable dial = dialer.dial(link.target(), Alpn.HTTP_1_1, arrival);
    return () -> {
      dial.dispose();
      arrival.giveUp();
    };
  }

  /** Returns false if the connection must be closed instead. */
  boolean keep(HttpEndpoint endpoint, ClientHttpConnection connection) {
    return !closed && endpoint.offer(connection);
  }

  private void release(HttpEndpoint endpoint) {
    endpoints.computeIfPresent(
        new Key(endpoint.target()), (key, known) -> known == endpoint ? known.released() : known);
  }

  /** A target that is not hashed down to its certificates for each transaction. */
  private record Key(Target target) {

    @Override
    public int hashCode() {
      return 31 * target.host().hashCode() + target.port();
    }
  }

  /** Waits for one new connection and counts it while it lives. */
  private final class Arrival implements Dialer.Caller {

    private final ClientHttpLink link;
    private final HttpEndpoint endpoint;
    private final AtomicBoolean over = new AtomicBoolean();

    Arrival(ClientHttpLink link, HttpEndpoint endpoint) {
      this.link = link;
      this.endpoint = endpoint;
    }

    @Override
    public void connected(Channel channel) {
      if (!over.compareAndSet(false, true)) {
        Channels.close(channel);
        return;
      }
      channel.closeFuture().addListener(future -> release(endpoint));
      ClientHttpConnection connection =
          new ClientHttpConnection(HttpClients.this, endpoint, channel);
      connection.install();
      connection.attach(link);
    }

    @Override
    public void failed(LinkException cause) {
      if (over.compareAndSet(false, true)) {
        release(endpoint);
        link.notConnected(cause);
      }
    }

    void giveUp() {
      if (over.compareAndSet(false, true)) {
        release(endpoint);
      }
    }
  }
}
