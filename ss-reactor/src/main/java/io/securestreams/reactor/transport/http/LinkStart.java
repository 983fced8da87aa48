package io.securestreams.reactor.transport.http;

import io.securestreams.core.plan.RequestPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;

/**
 * Prepares a link whose observer, if it is a {@link HeadObserver}, is shown the response's head.
 *
 * @param <P> what it is made from
 */
@FunctionalInterface
public interface LinkStart<P extends RequestPlan> {

  /**
   * Prepares one request; nothing happens before {@link Link#start()}.
   *
   * @param plan the request
   * @param observer told everything that happens
   */
  Link link(P plan, LinkObserver observer);
}
