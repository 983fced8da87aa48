package io.securestreams.reactor.transport.http;

import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.RedirectRules;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.Trait;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What is done around single requests: cookies, redirects, bodies in parts. It knows neither
 * connections nor versions of http. Safe from any thread.
 */
public final class ClientLegs {

  /** One for each stream type that keeps cookies. */
  private final ConcurrentMap<String, CookieJar> jars = new ConcurrentHashMap<>();

  /** Creates it without any cookie. */
  public ClientLegs() {}

  /**
   * Prepares a transaction with all that its plan asks for.
   *
   * @param plan the first request
   * @param observer told everything that happens
   * @param single prepares one request
   */
  public Link http(HttpPlan plan, LinkObserver observer, Start<HttpPlan> single) {
    Start<HttpPlan> leg = withCookies(plan, single, HttpPlan::withHeaders);
    Optional<RedirectRules> rules = plan.rules().redirects();
    Start<HttpPlan> whole =
        rules.isEmpty()
            ? leg
            : (first, told) -> new FollowingLink<>(first, told, leg, rules.get()::next);
    return plan.traits().contains(Trait.SPLIT_PARTS)
        ? new PartsLink(plan, observer, whole)
        : whole.link(plan, observer);
  }

  /**
   * Prepares a WebSocket with all that its plan asks for.
   *
   * @param plan the first upgrade
   * @param observer told everything that happens
   * @param single prepares one upgrade
   */
  public Link ws(WsPlan plan, LinkObserver observer, Start<WsPlan> single) {
    Start<WsPlan> leg = withCookies(plan, single, WsPlan::withHeaders);
    Optional<RedirectRules> rules = plan.rules().redirects();
    return rules.isEmpty()
        ? leg.link(plan, observer)
        : new FollowingLink<>(
            plan, observer, leg, (last, status, to) -> rules.get().next(last, to));
  }

  /**
   * Prepares a link whose observer, if it is a {@link HeadObserver}, is shown the response's head.
   *
   * @param <P> what it is made from
   */
  @FunctionalInterface
  public interface Start<P extends RequestPlan> {

    /**
     * Prepares one request; nothing happens before {@link Link#start()}.
     *
     * @param plan the request
     * @param observer told everything that happens
     */
    Link link(P plan, LinkObserver observer);
  }

  /** Makes a plan with other headers. */
  private interface Rewrite<P> {

    P with(P plan, List<Header> headers);
  }

  private <P extends RequestPlan> Start<P> withCookies(P any, Start<P> single, Rewrite<P> rewrite) {
    if (!any.traits().contains(Trait.COOKIES)) {
      return single;
    }
    CookieJar jar = jars.computeIfAbsent(any.streamType(), name -> new CookieJar());
    return (plan, observer) ->
        single.link(
            rewrite.with(plan, jar.addTo(plan)),
            new Keeping(observer, head -> jar.keep(plan, head)));
  }

  /** Keeps the cookies of a response. */
  private record Keeping(LinkObserver observer, Consumer<ResponseHead> jar)
      implements HeadObserver {

    @Override
    public void head(ResponseHead head) {
      jar.accept(head);
      HeadObserver.show(observer, head);
    }

    @Override
    public void signal(LinkSignal signal) {
      observer.signal(signal);
    }
  }
}
