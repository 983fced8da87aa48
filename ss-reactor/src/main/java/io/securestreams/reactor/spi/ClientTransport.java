package io.securestreams.reactor.spi;

import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.TlsPlan;
import java.util.Set;
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

  /**
   * Makes what secured connections need, so that a policy whose authorities cannot be used is
   * refused before anything depends on it.
   *
   * @param plans every way in which peers will be verified
   * @return to be run once these plans are in force: forgets what only others needed; or a {@link
   *     io.securestreams.core.error.LinkException} of kind POLICY
   */
  default Mono<Runnable> prepare(Set<TlsPlan> plans) {
    return Mono.just(() -> {});
  }

  /** Closes kept connections once subscribed; links in use are not touched. */
  Mono<Void> close();
}
