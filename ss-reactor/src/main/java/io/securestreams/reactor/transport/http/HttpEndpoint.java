package io.securestreams.reactor.transport.http;

import io.securestreams.core.plan.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kept connections to one target, the one that was used last on top. */
final class HttpEndpoint {

  private final Target target;
  private final Deque<ClientHttpConnection> idle = new ArrayDeque<>();
  private boolean closed;

  /** Guarded by the map that the endpoint lives in. */
  private int references;

  HttpEndpoint(Target target) {
    this.target = target;
  }

  Target target() {
    return target;
  }

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
