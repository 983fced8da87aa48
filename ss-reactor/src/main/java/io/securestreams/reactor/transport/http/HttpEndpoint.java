package io.securestreams.reactor.transport.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kept connections with one key, the one that was used last on top. */
final class HttpEndpoint {

  private final Deque<ClientHttpConnection> idle = new ArrayDeque<>();
  private boolean closed;

  /** Guarded by the map that the endpoint lives in. */
  private int references;

  HttpEndpoint retain() {
    references++;
    return this;
  }

  /** Returns null once nobody uses the endpoint any more. */
  @Nullable HttpEndpoint released() {
    return --references == 0 ? null : this;
  }

  synchronized @Nullable ClientHttpConnection poll() {
    return idle.pollLast();
  }

  /** Returns false if connections are not kept any more. */
  synchronized boolean offer(ClientHttpConnection connection) {
    return !closed && idle.offerLast(connection);
  }

  /** Returns false if somebody else took the connection. */
  synchronized boolean remove(ClientHttpConnection connection) {
    return idle.remove(connection);
  }

  /** Keeps nothing from now on, and gives away what was kept. */
  synchronized List<ClientHttpConnection> close() {
    closed = true;
    List<ClientHttpConnection> kept = new ArrayList<>(idle);
    idle.clear();
    return kept;
  }
}
