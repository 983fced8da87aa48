package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Kept HTTP/1.1 connections, one transaction on a connection at a time.
 *
 * <p>A transaction that finds no unused connection with its key opens one: nothing ever queues for
 * a connection, and there are as many as there are transactions under way. An unused one is closed
 * after {@link TransportSettings#poolIdle()}, or as soon as anything comes from the peer.
 */
final class SingleConnections implements ClientSource {

  private final Dialer dialer;
  private final TransportSettings settings;
  private final ConcurrentMap<ConnectionKey, HttpEndpoint> endpoints = new ConcurrentHashMap<>();
  private volatile boolean closed;

  SingleConnections(Dialer dialer, TransportSettings settings) {
    this.dialer = dialer;
    this.settings = settings;
  }

  @Override
  public Disposable lease(ClientHttpLink link) {
    ClientHttpConnection kept = poll(link.key());
    if (kept == null) {
      return dial(link);
    }
    kept.attach(link);
    return () -> {};
  }

  @Override
  public Disposable dial(ClientHttpLink link) {
    Arrival arrival = new Arrival(link);
    Disposable dial = dialer.dial(link.key().target(), Alpn.HTTP_1_1, arrival);
    return () -> {
      dial.dispose();
      arrival.over.set(true);
    };
  }

  @Override
  public void close() {
    closed = true;
    endpoints.values().forEach(endpoint -> endpoint.close().forEach(ClientHttpConnection::shut));
  }

  /** A kept connection, which belongs to the caller from now on, or null. */
  @Nullable ClientHttpConnection poll(ConnectionKey key) {
    HttpEndpoint endpoint = endpoints.get(key);
    return endpoint == null ? null : endpoint.poll();
  }

  /** Makes an h1 connection of a new channel, on its event loop. */
  ClientHttpConnection adopt(ConnectionKey key, Channel channel) {
    HttpEndpoint endpoint =
        endpoints.compute(
            key, (same, known) -> (known == null ? new HttpEndpoint() : known).retain());
    channel
        .closeFuture()
        .addListener(
            closing ->
                endpoints.computeIfPresent(
                    key, (same, known) -> known == endpoint ? known.released() : known));
    ClientHttpConnection connection = new ClientHttpConnection(this, endpoint, channel, settings);
    connection.install();
    return connection;
  }

  /** Returns false if the connection must be closed instead. */
  boolean keep(HttpEndpoint endpoint, ClientHttpConnection connection) {
    return !closed && endpoint.offer(connection);
  }

  /** Waits for one new connection. */
  private final class Arrival implements Dialer.Caller {

    private final ClientHttpLink link;
    private final AtomicBoolean over = new AtomicBoolean();

    Arrival(ClientHttpLink link) {
      this.link = link;
    }

    @Override
    public void timed(ConnectionTimings timings) {
      link.timings().dialed(timings);
    }

    @Override
    public void connected(Channel channel) {
      if (over.compareAndSet(false, true)) {
        adopt(link.key(), channel).attach(link);
      } else {
        Channels.close(channel);
      }
    }

    @Override
    public void failed(LinkException cause) {
      if (over.compareAndSet(false, true)) {
        link.notConnected(cause);
      }
    }
  }
}
