package io.securestreams.reactor.netty;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.TrustStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The TLS contexts of clients: one for each set of authorities, made once.
 *
 * <p>Every context speaks TLS 1.2 and 1.3 only and verifies the host name. There is no way to
 * accept a certificate that leads to no authority. Safe from any thread.
 */
final class ClientTlsContexts {

  private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

  private final Scheduler builders;
  private final ConcurrentMap<Key, Mono<SslContext>> contexts = new ConcurrentHashMap<>();

  /**
   * Creates an empty collection.
   *
   * @param builders where contexts are built, which blocks
   */
  ClientTlsContexts(Scheduler builders) {
    this.builders = builders;
  }

  /**
   * The context for a plan. It is built once subscribed, unless it exists.
   *
   * <p>Errors: a {@link LinkException} of kind POLICY if the authorities cannot be used; the next
   * subscription tries again.
   *
   * @param plan whom to trust
   * @param offer what may be spoken
   */
  Mono<SslContext> context(TlsPlan plan, Alpn offer) {
    return contexts.computeIfAbsent(
        new Key(plan, offer),
        key ->
            Mono.fromCallable(() -> build(key))
                .subscribeOn(builders)
                .cache(context -> FOR_EVER, error -> Duration.ZERO, () -> Duration.ZERO));
  }

  /**
   * Builds the contexts for plans.
   *
   * @param plans every plan that will be used
   * @return forgets the contexts of all other plans, when run
   */
  Mono<Runnable> prepare(Set<TlsPlan> plans) {
    return Flux.fromIterable(plans)
        .concatMap(plan -> context(plan, Alpn.HTTP_1_1))
        .then(Mono.just(() -> contexts.keySet().removeIf(key -> !plans.contains(key.plan()))));
  }

  private static SslContext build(Key key) {
    Optional<TrustStore> store = key.plan().trustStore();
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .protocols("TLSv1.3", "TLSv1.2")
              .endpointIdentificationAlgorithm("HTTPS");
      if (!key.offer().names().isEmpty()) {
        builder.applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                key.offer().names()));
      }
      if (store.isPresent()) {
        builder.trustManager(ClientTrust.exactly(store.get()));
      }
      return builder.build();
    } catch (PolicyException | GeneralSecurityException | IOException e) {
      String whose = store.map(s -> "trust store '" + s.name() + "'").orElse("platform");
      throw new LinkException(
          FailureKind.POLICY, "no TLS context for the " + whose + ": " + e.getMessage(), null, e);
    }
  }

  private record Key(TlsPlan plan, Alpn offer) {}
}
