package io.securestreams.reactor.spi;

import java.net.SocketAddress;
import reactor.core.publisher.Mono;

/** An open listener. Its methods are safe from any thread. */
public interface Listener {

  /** The bound address, with the real port. */
  SocketAddress address();

  /** Stops accepting; connections wait in the system's backlog. */
  void pause();

  /** Accepts again. */
  void resume();

  /** Closes the listening socket once subscribed; accepted links are not touched. */
  Mono<Void> close();
}
