package io.securestreams.reactor.spi;

import java.util.Optional;

/** Decides about the connections of a listener. */
@FunctionalInterface
public interface Acceptor {

  /**
   * Takes a connection over, on its event loop, before any of its signals.
   *
   * @param link the new connection; no {@link Link#start()} is needed
   * @return who is told its signals; empty refuses the connection
   */
  Optional<LinkObserver> accept(ServerLink link);
}
