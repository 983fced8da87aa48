package io.securestreams.reactor.stream;

import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.SwapMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Moves all streams of a context from one policy to another: first everything that can fail, then
 * everything else. What fails leaves all as it was.
 */
public final class PolicySwap {

  private static final Logger LOGGER = LoggerFactory.getLogger(PolicySwap.class);

  private final Environment environment;
  private final PolicySnapshot next;
  private final SwapMode mode;
  private final List<Prepared> prepared = new ArrayList<>();

  private PolicySwap(Environment environment, PolicySnapshot next, SwapMode mode) {
    this.environment = environment;
    this.next = next;
    this.mode = mode;
  }

  /** Something that is ready for the new policy and can still go back to the old one. */
  interface Prepared {

    /** Goes over to the new policy; cannot fail. */
    void commit(SwapMode mode);

    /** Stays with the old policy; completes once that is so. */
    Mono<Void> rollBack();
  }

  /**
   * Swaps. Swaps of one environment must come one after the other.
   *
   * <p><b>Shape</b>: starts once subscribed; one element when the new policy is in force.
   *
   * <p><b>Errors</b>: a {@link io.securestreams.core.error.LinkException} if authorities or a
   * certificate cannot be used, or an address cannot be bound; nothing has changed then.
   *
   * @param environment the streams
   * @param next the policy to go over to
   * @param mode what becomes of changed connections
   * @return whom it disturbed, by stream type
   */
  public static Mono<List<Disturbance>> run(
      Environment environment, PolicySnapshot next, SwapMode mode) {
    return Mono.defer(() -> new PolicySwap(environment, next, mode).run());
  }

  private Mono<List<Disturbance>> run() {
    Mono<Void> servers =
        Flux.fromIterable(types(Side.SERVER))
            .concatMap(type -> environment.servers().verify(next.server(type.name()).plan()))
            .then();
    Mono<Runnable> clients =
        Mono.defer(() -> environment.clients().prepare(trusted(types(Side.CLIENT))));
    Mono<Void> listeners =
        Flux.fromIterable(mode.isKeeping() ? List.of() : environment.members())
            .concatMap(member -> member.prepare(next))
            .doOnNext(prepared::add)
            .then();
    return servers
        .then(clients)
        .flatMap(forgetOld -> listeners.then(Mono.fromCallable(() -> commit(forgetOld))))
        .onErrorResume(cause -> rollBack().then(Mono.error(cause)));
  }

  private List<StreamType> types(Side side) {
    return next.database().streamTypes().values().stream()
        .filter(type -> type.side() == side && type.blockers().isEmpty())
        .toList();
  }

  private static Set<TlsPlan> trusted(Collection<StreamType> types) {
    return types.stream()
        .flatMap(type -> type.tls().stream())
        .map(TlsSettings::trustStore)
        .map(TlsPlan::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  private List<Disturbance> commit(Runnable forgetOld) {
    List<Disturbance> disturbed = disturbed();
    environment.policy(next);
    List<Prepared> ready = List.copyOf(prepared);
    // From here on there is no way back.
    prepared.clear();
    ready.forEach(part -> part.commit(mode));
    environment.members().forEach(member -> member.policyChanged(mode));
    forgetOld.run();
    return disturbed;
  }

  private List<Disturbance> disturbed() {
    if (mode.isKeeping()) {
      return List.of();
    }
    Map<String, Disturbance> byType = new TreeMap<>();
    for (Environment.Member member : environment.members()) {
      SwapEffect effect = member.effectOf(next);
      if (effect != SwapEffect.NONE) {
        byType.merge(
            member.streamType(),
            new Disturbance(member.streamType(), effect, 1),
            (some, one) -> new Disturbance(one.streamType(), effect, some.streams() + 1));
      }
    }
    return List.copyOf(byType.values());
  }

  /** One that cannot go back must not keep the others from it, nor hide why all must. */
  private static boolean isLogged(Throwable cause) {
    LOGGER.atError().setCause(cause).log("A listener cannot go back to the policy in force");
    return true;
  }

  private Mono<Void> rollBack() {
    return Flux.fromIterable(prepared)
        .concatMap(part -> part.rollBack().onErrorComplete(PolicySwap::isLogged))
        .then();
  }
}
