package io.securestreams.reactor.transport.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.Disposable;

/**
 * Connections that several transactions use at once.
 *
 * <p>A transaction joins a connection with its key that has a place, or waits for one that is being
 * made. Where the peer turns out to speak HTTP/1.1 each transaction gets a connection of its own,
 * which is kept as such.
 */
final class SharedConnections implements ClientSource {

  private final SharedConnection.Opener opener;
  private final SingleConnections singles;
  private final ConcurrentMap<ConnectionKey, SharedEndpoint> endpoints = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Creates a pool without connections.
   *
   * @param opener makes them
   * @param singles keeps those to peers that speak HTTP/1.1
   */
  SharedConnections(SharedConnection.Opener opener, SingleConnections singles) {
    this.opener = opener;
    this.singles = singles;
  }

  @Override
  public Disposable lease(ClientHttpLink link) {
    return lease(link, true);
  }

  @Override
  public Disposable dial(ClientHttpLink link) {
    return lease(link, false);
  }

  private Disposable lease(ClientHttpLink link, boolean joining) {
    ClientHttpConnection single = joining ? singles.poll(link.key()) : null;
    if (single != null) {
      single.attach(link);
      return () -> {};
    }
    while (true) {
      SharedEndpoint endpoint =
          endpoints.computeIfAbsent(link.key(), key -> new SharedEndpoint(this, key));
      Disposable wait = endpoint.lease(link, joining);
      if (wait != null) {
        return wait;
      }
      endpoints.remove(link.key(), endpoint);
    }
  }

  @Override
  public void close() {
    closed = true;
    endpoints.values().forEach(SharedEndpoint::close);
  }

  boolean isClosed() {
    return closed;
  }

  SharedConnection.Opener opener() {
    return opener;
  }

  SingleConnections singles() {
    return singles;
  }

  void forget(ConnectionKey key, SharedEndpoint endpoint) {
    endpoints.remove(key, endpoint);
  }
}
