package io.securestreams.reactor.spi;

import io.securestreams.core.plan.ClientPlan;
import reactor.core.publisher.Mono;

/** Makes the links of client streams. Implementations are safe from any thread. */
public interface ClientTransport {

  /**
   * Prepares one attempt; nothing happens before {@link Link#start()}.
   *
   * @param plan what to connect to and how
   * @param observer told everything that happens
   */
  Link link(ClientPlan plan, LinkObserver observer);

  /** Closes kept connections once subscribed; links in use are not touched. */
  Mono<Void> close();
}
