package io.securestreams.reactor.transport.http.h2;

/** Who uses a stream of an h2 connection. On the connection's event loop. */
interface H2Occupant {

  /** What the peer may send on the stream. */
  H2Window window();

  /**
   * Looks at the time limit.
   *
   * @param now value of {@link System#nanoTime}
   * @return what is left of it in ns, or {@code Long.MAX_VALUE} if none is running
   */
  long check(long now);

  /** Place among the occupants of the connection. */
  int index();

  /**
   * Moves to another place.
   *
   * @param place among the occupants of the connection
   */
  void index(int place);
}
