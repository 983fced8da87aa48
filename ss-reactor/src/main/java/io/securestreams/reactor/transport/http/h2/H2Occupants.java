package io.securestreams.reactor.transport.http.h2;

import io.netty.util.concurrent.EventExecutor;
import io.securestreams.reactor.netty.Deadline;
import java.util.ArrayList;
import java.util.List;

/** Who uses the streams of one h2 connection, and one timer for all their limits. */
final class H2Occupants<E extends H2Occupant> {

  private final List<E> members = new ArrayList<>();
  private final Deadline deadline;

  H2Occupants(EventExecutor loop) {
    this.deadline = new Deadline(loop, this::check);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Those of this moment; they may leave while the list is walked. */
  List<E> all() {
    return List.copyOf(members);
  }

  void add(E occupant) {
    occupant.index(members.size());
    members.add(occupant);
  }

  /** Returns false if it was not there. */
  boolean remove(E occupant) {
    int last = members.size() - 1;
    int index = occupant.index();
    if (index > last || members.get(index) != occupant) {
      return false;
    }
    E moved = members.remove(last);
    if (moved != occupant) {
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
    for (E occupant : all()) {
      next = Math.min(next, occupant.check(now));
    }
    if (next != Long.MAX_VALUE) {
      deadline.armBy(next);
    }
  }
}
