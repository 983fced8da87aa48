package io.securestreams.reactor.transport.http.h2;

import io.netty.util.concurrent.EventExecutor;
import io.securestreams.reactor.netty.Deadline;
import java.util.ArrayList;
import java.util.List;

/** The transactions of one h2 connection, and one timer for all their limits. */
final class H2Exchanges {

  private final List<H2Exchange> members = new ArrayList<>();
  private final Deadline deadline;

  H2Exchanges(EventExecutor loop) {
    this.deadline = new Deadline(loop, this::check);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Those of this moment; they may leave while the list is walked. */
  List<H2Exchange> all() {
    return List.copyOf(members);
  }

  void add(H2Exchange exchange) {
    exchange.index(members.size());
    members.add(exchange);
  }

  /** Returns false if it was not there. */
  boolean remove(H2Exchange exchange) {
    int last = members.size() - 1;
    int index = exchange.index();
    if (index > last || members.get(index) != exchange) {
      return false;
    }
    H2Exchange moved = members.remove(last);
    if (moved != exchange) {
      members.set(index, moved);
      moved.index(index);
    }
    if (members.isEmpty()) {
      deadline.disarm();
    }
    return true;
  }

  /** A limit of one of them begins, in ns from now. */
  void limit(long nanos) {
    deadline.armBy(nanos);
  }

  /** There are no limits any more. */
  void stop() {
    deadline.stop();
  }

  private void check() {
    long now = System.nanoTime();
    long next = Long.MAX_VALUE;
    for (H2Exchange exchange : all()) {
      next = Math.min(next, exchange.check(now));
    }
    if (next != Long.MAX_VALUE) {
      deadline.armBy(next);
    }
  }
}
