package io.securestreams.reactor.netty;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.TlsEngine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The TLS contexts of clients: one for each set of authorities and each certificate shown, made
 * once. Sessions are resumed between connections of one context.
 *
 * <p>Every context speaks TLS 1.2 and 1.3 only and verifies the host name. There is no way to
 * accept a certificate that leads to no authority. Safe from any thread.
 */
final class ClientTlsContexts {

  private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

  /** Certificates come and go with the blobs that hold them: what is used least is forgotten. */
  private static final int MOST = 256;

  private final Scheduler builders;
  private final TlsEngine engine;

  private final Map<Key, Mono<SslContext>> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Mono<SslContext>> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Creates an empty collection.
   *
   * @param builders where contexts are built, which blocks
   * @param engine what encrypts
   */
  ClientTlsContexts(Scheduler builders, TlsEngine engine) {
    this.builders = builders;
    this.engine = engine;
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
  synchronized Mono<SslContext> context(TlsPlan plan, Alpn offer) {
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
        .then(Mono.just(() -> keepOnly(plans)));
  }

  /** Whoever shows a certificate trusts the same as one who does not. */
  private synchronized void keepOnly(Set<TlsPlan> plans) {
    contexts.keySet().removeIf(key -> !plans.contains(new TlsPlan(key.plan().trustStore())));
  }

  private SslContext build(Key key) {
    Optional<TrustStore> store = key.plan().trustStore();
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(provider())
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
      key.plan()
          .identity()
          .ifPresent(shown -> builder.keyManager(shown.privateKey(), shown.chain()));
      return builder.build();
    } catch (PolicyException
        | GeneralSecurityException
        | IOException
        | IllegalArgumentException e) {
      String whose = store.map(s -> "trust store '" + s.name() + "'").orElse("platform");
      throw new LinkException(
          FailureKind.POLICY, "no TLS context for the " + whose + ": " + e.getMessage(), null, e);
    }
  }

  private SslProvider provider() {
    return engine == TlsEngine.NATIVE_IF_PRESENT && OpenSsl.isAvailable()
        ? SslProvider.OPENSSL
        : SslProvider.JDK;
  }

  private record Key(TlsPlan plan, Alpn offer) {}
}
