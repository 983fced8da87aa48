package io.securestreams.reactor.spi;

import io.securestreams.core.plan.ServerPlan;
import reactor.core.publisher.Mono;

/** Opens listeners. Implementations are safe from any thread. */
public interface ServerTransport {

  /**
   * Binds once subscribed.
   *
   * @param plan what to bind and what to speak there
   * @param acceptor asked about every connection
   * @return the listener, or a {@link io.securestreams.core.error.LinkException} naming address and
   *     cause
   */
  Mono<Listener> bind(ServerPlan plan, Acceptor acceptor);
}
