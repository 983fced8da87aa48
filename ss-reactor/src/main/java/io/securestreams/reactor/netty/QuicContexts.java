package io.securestreams.reactor.netty;

import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.TrustStore;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The TLS contexts of QUIC clients, as {@link ClientTlsContexts} holds those of TCP clients: one
 * for each plan, made once. Safe from any thread.
 */
final class QuicContexts {

  private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

  private final Scheduler builders;
  private final ConcurrentMap<TlsPlan, Mono<Context>> contexts = new ConcurrentHashMap<>();

  /**
   * A context with the judge of its peers.
   *
   * @param ssl of the connections
   * @param trust knows why a peer was refused
   */
  record Context(QuicSslContext ssl, QuicTrust trust) {}

  /**
   * Creates an empty collection.
   *
   * @param builders where contexts are built, which blocks
   */
  QuicContexts(Scheduler builders) {
    this.builders = builders;
  }

  /**
   * The context for a plan. It is built once subscribed, unless it exists.
   *
   * <p>Errors: a {@link LinkException} of kind POLICY if the authorities cannot be used; the next
   * subscription tries again.
   *
   * @param plan whom to trust, and what to show
   */
  Mono<Context> context(TlsPlan plan) {
    return contexts.computeIfAbsent(
        plan,
        key ->
            Mono.fromCallable(() -> build(key))
                .subscribeOn(builders)
                .cache(context -> FOR_EVER, error -> Duration.ZERO, () -> Duration.ZERO));
  }

  /** Forgets the contexts of all other authorities. */
  void retain(Set<Optional<TrustStore>> stores) {
    contexts.keySet().removeIf(plan -> !stores.contains(plan.trustStore()));
  }

  private static Context build(TlsPlan plan) {
    Optional<TrustStore> store = plan.trustStore();
    try {
      TrustManagerFactory factory =
          store.isPresent() ? ClientTrust.exactly(store.get()) : platform();
      QuicTrust trust = new QuicTrust(judge(factory));
      QuicSslContextBuilder builder =
          QuicSslContextBuilder.forClient()
              .trustManager((TrustManager) trust)
              .endpointIdentificationAlgorithm("HTTPS")
              .applicationProtocols(Http3.supportedApplicationProtocols());
      plan.identity()
          .ifPresent(
              identity ->
                  builder.keyManager(
                      identity.privateKey(),
                      null,
                      identity.chain().toArray(new X509Certificate[0])));
      return new Context(builder.build(), trust);
    } catch (PolicyException | GeneralSecurityException e) {
      String whose = store.map(s -> "trust store '" + s.name() + "'").orElse("platform");
      throw new LinkException(
          FailureKind.POLICY, "no TLS context for the " + whose + ": " + e.getMessage(), null, e);
    }
  }

  private static TrustManagerFactory platform() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((@Nullable KeyStore) null);
    return factory;
  }

  private static X509ExtendedTrustManager judge(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager judge) {
        return judge;
      }
    }
    throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
  }
}
