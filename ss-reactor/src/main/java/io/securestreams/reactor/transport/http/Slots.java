package io.securestreams.reactor.transport.http;

/** How many transactions a shared connection takes. Safe from any thread. */
public final class Slots {

  /** Before the peer said how many it takes. */
  static final int FIRST = 1;

  private final long expires;
  private int most = FIRST;
  private int taken;
  private boolean open = true;
  private boolean used;

  /**
   * Slots of a connection without transactions.
   *
   * @param expires value of {@link System#nanoTime} from which on no second transaction is taken
   */
  public Slots(long expires) {
    this.expires = expires;
  }

  /**
   * Takes one.
   *
   * @param now value of {@link System#nanoTime}
   */
  synchronized boolean take(long now) {
    if (!open || taken >= most) {
      return false;
    }
    if (old(now)) {
      open = false;
      return false;
    }
    used = true;
    taken++;
    return true;
  }

  /** Gives one back. */
  public synchronized void give() {
    taken--;
  }

  /** The peer said how many it takes at once. */
  public synchronized void limit(int streams) {
    most = streams;
  }

  /** How many the connection takes at once, 0 if it takes none any more. */
  public synchronized int most() {
    return open ? most : 0;
  }

  /** Takes no more transactions. */
  public synchronized void retire() {
    open = false;
  }

  /** True if there is no transaction. */
  public synchronized boolean unused() {
    return taken == 0;
  }

  /** Takes no more transactions, unless there is one: returns false then. */
  public synchronized boolean retireUnused() {
    if (taken > 0) {
      return false;
    }
    open = false;
    return true;
  }

  /** True if nothing is left to be done: there is no transaction, and none will come. */
  public synchronized boolean spent(long now) {
    return taken == 0 && (!open || old(now));
  }

  /** A connection that was made for a transaction takes that one, however old it is. */
  private boolean old(long now) {
    return used && now - expires >= 0;
  }
}
