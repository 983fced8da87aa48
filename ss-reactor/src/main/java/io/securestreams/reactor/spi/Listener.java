package io.securestreams.reactor.spi;

import io.securestreams.core.plan.ServerPlan;
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

  /**
   * Prepares to speak by another plan on the same socket. Connections that were accepted before are
   * not touched.
   *
   * @param plan what to speak; its address is that of this listener
   * @param acceptor asked about every connection that is accepted by this plan
   * @return to be run to put the plan in force for connections accepted from then on; or a {@link
   *     io.securestreams.core.error.LinkException} of kind POLICY
   */
  Mono<Runnable> renew(ServerPlan plan, Acceptor acceptor);

  /** Closes the listening socket once subscribed; accepted links are not touched. */
  Mono<Void> close();
}
