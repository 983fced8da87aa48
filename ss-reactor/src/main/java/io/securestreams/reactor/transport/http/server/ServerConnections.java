package io.securestreams.reactor.transport.http.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of a listener that carry many transactions, which nobody else would end. Any
 * thread.
 */
public final class ServerConnections {

  private final Set<Member> members = ConcurrentHashMap.newKeySet();

  private volatile boolean leaving;

  /** A connection. */
  @FunctionalInterface
  public interface Member {

    /** Takes no more transactions, and ends after those that it has. Any thread. */
    void leave();
  }

  /**
   * Adds a connection, which leaves at once if the others did.
   *
   * @param member a connection
   */
  public void add(Member member) {
    members.add(member);
    if (leaving) {
      member.leave();
    }
  }

  /**
   * Forgets a connection.
   *
   * @param member has ended
   */
  public void remove(Member member) {
    members.remove(member);
  }

  /** Has all connections leave, those included that are still to come. */
  public void leave() {
    leaving = true;
    members.forEach(Member::leave);
  }
}
