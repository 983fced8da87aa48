package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.reactor.netty.Channels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The shared connections with one key, and the transactions that wait for a place on one.
 *
 * <p>A transaction waits only while a connection is being made that will have a place for it. How
 * many are made at once follows from how many transactions the last one took. Safe from any thread.
 */
final class SharedEndpoint {

  private final SharedConnections pool;
  private final ConnectionKey key;
  private final List<SharedConnection> connections = new ArrayList<>(1);
  private final Set<ClientHttpLink> waiting = new LinkedHashSet<>();

  /** Connections that are being made, or did not say yet how much they take. */
  private final Set<Dial> dials = new LinkedHashSet<>();

  /** How many transactions the last connection took at once; at first one is thought to do. */
  private int room = Integer.MAX_VALUE;

  private boolean dead;

  SharedEndpoint(SharedConnections pool, ConnectionKey key) {
    this.pool = pool;
    this.key = key;
  }

  /**
   * Gives a transaction a place, now or soon.
   *
   * @return gives the wait up; or null if this endpoint has come to its end
   */
  @Nullable Disposable lease(ClientHttpLink link, boolean joining) {
    SharedConnection found;
    synchronized (this) {
      if (dead) {
        return null;
      }
      found = joining ? free() : null;
      if (found == null) {
        waiting.add(link);
      }
    }
    if (found != null) {
      found.attach(link);
      return () -> {};
    }
    dialAsNeeded();
    return () -> forget(link);
  }

  /** Closes what is unused, and the rest after its last transaction. */
  void close() {
    List<SharedConnection> all;
    synchronized (this) {
      all = List.copyOf(connections);
    }
    all.forEach(SharedConnection::retire);
  }

  private @Nullable SharedConnection free() {
    long now = System.nanoTime();
    for (int i = 0; i < connections.size(); i++) {
      SharedConnection connection = connections.get(i);
      if (connection.slots().take(now)) {
        return connection;
      }
    }
    return null;
  }

  private void forget(ClientHttpLink link) {
    List<Dial> unneeded = List.of();
    synchronized (this) {
      if (waiting.remove(link) && waiting.isEmpty()) {
        unneeded = List.copyOf(dials);
      }
    }
    unneeded.forEach(Dial::giveUp);
  }

  private void dialAsNeeded() {
    Dial next = nextDial();
    while (next != null) {
      next.begin();
      next = nextDial();
    }
  }

  private synchronized @Nullable Dial nextDial() {
    long needed = ((long) waiting.size() + room - 1) / room;
    if (dials.size() >= needed) {
      return null;
    }
    Dial dial = new Dial();
    dials.add(dial);
    return dial;
  }

  /** Hands places on a connection to those who wait. */
  private void serve(SharedConnection connection) {
    ClientHttpLink next = nextFor(connection);
    while (next != null) {
      connection.attach(next);
      next = nextFor(connection);
    }
    dialAsNeeded();
  }

  private synchronized @Nullable ClientHttpLink nextFor(SharedConnection connection) {
    return waiting.isEmpty() || !connection.slots().take(System.nanoTime()) ? null : nextWaiting();
  }

  private synchronized @Nullable ClientHttpLink nextWaiting() {
    Iterator<ClientHttpLink> first = waiting.iterator();
    if (!first.hasNext()) {
      return null;
    }
    ClientHttpLink link = first.next();
    first.remove();
    return link;
  }

  private void failWaiting(LinkException cause) {
    List<ClientHttpLink> failing;
    synchronized (this) {
      failing = List.copyOf(waiting);
      waiting.clear();
    }
    failing.forEach(link -> link.notConnected(cause));
  }

  /** Leaves the pool once there is nothing to remember. */
  private void leaveIfUnused() {
    synchronized (this) {
      dead = connections.isEmpty() && waiting.isEmpty() && dials.isEmpty();
      if (!dead) {
        return;
      }
    }
    pool.forget(key, this);
  }

  /** One connection, from the wish for it to its end. */
  private final class Dial implements SharedConnection.Opening {

    private final Disposable.Swap attempt = Disposables.swap();
    @Nullable private volatile SharedConnection connection;

    void begin() {
      attempt.update(pool.opener().open(key, this));
    }

    void giveUp() {
      if (connection == null && undialled()) {
        attempt.dispose();
        leaveIfUnused();
      }
    }

    /** Returns false if the attempt was over already. */
    private boolean undialled() {
      synchronized (SharedEndpoint.this) {
        return dials.remove(this);
      }
    }

    /** The one who has waited longest goes first: the connection is made for it. */
    @Override
    public void timed(ConnectionTimings timings) {
      synchronized (SharedEndpoint.this) {
        waiting.stream().findFirst().ifPresent(first -> first.timings().dialed(timings));
      }
    }

    @Override
    public void opened(SharedConnection made) {
      synchronized (SharedEndpoint.this) {
        if (dials.contains(this)) {
          connection = made;
          connections.add(made);
        }
      }
      serve(made);
      if (connection == null || pool.isClosed()) {
        made.retire();
      }
    }

    @Override
    public void openedSingle(Channel channel) {
      ClientHttpLink first = null;
      synchronized (SharedEndpoint.this) {
        if (dials.remove(this)) {
          room = 1;
          first = nextWaiting();
        }
      }
      if (first == null) {
        Channels.close(channel);
      } else {
        pool.singles().adopt(key, channel).attach(first);
      }
      dialAsNeeded();
      leaveIfUnused();
    }

    @Override
    public void failed(LinkException cause) {
      boolean last;
      synchronized (SharedEndpoint.this) {
        last = dials.remove(this) && dials.isEmpty();
      }
      if (last) {
        failWaiting(cause);
      }
      leaveIfUnused();
    }

    @Override
    public void settled() {
      SharedConnection settled = connection;
      if (settled == null) {
        return;
      }
      int most = settled.slots().most();
      synchronized (SharedEndpoint.this) {
        room = Math.max(1, most);
      }
      // Counts as being made until its places are filled, or others would dial for those.
      serve(settled);
      if (undialled() && most == 0) {
        String peer = key.target().toString();
        failWaiting(
            new LinkException(
                FailureKind.LIMIT, peer + " takes no streams on a new connection", peer, null));
      }
      dialAsNeeded();
    }

    @Override
    public void freed() {
      SharedConnection freed = connection;
      if (freed != null && isAnybodyWaiting()) {
        serve(freed);
      }
    }

    private boolean isAnybodyWaiting() {
      synchronized (SharedEndpoint.this) {
        return !waiting.isEmpty();
      }
    }

    @Override
    public void closed(LinkException cause) {
      synchronized (SharedEndpoint.this) {
        connections.remove(connection);
      }
      failed(cause);
    }
  }
}
