package io.securestreams.reactor.spi;

import io.securestreams.core.plan.ServerPlan;
import reactor.core.publisher.Mono;

/** Opens listeners. Implementations are safe from any thread. */
public interface ServerTransport {

  /**
   * Looks whether a plan could be served, as far as that can be known without binding.
   *
   * @param plan what to bind and what to speak there
   * @return empty, or a {@link io.securestreams.core.error.LinkException} of kind POLICY
   */
  default Mono<Void> verify(ServerPlan plan) {
    return Mono.empty();
  }

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
