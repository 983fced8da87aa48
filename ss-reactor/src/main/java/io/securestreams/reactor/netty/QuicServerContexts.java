package io.securestreams.reactor.netty;

import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.ServerIdentity;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** The TLS contexts of QUIC listeners: one certificate, HTTP/3. */
public final class QuicServerContexts {

  private QuicServerContexts() {}

  /**
   * Builds a context, which blocks.
   *
   * @param entries certificate and key, and whom clients have to be known to. Source: {@code
   *     server_cert}, {@code server_key}, {@code client_trust_store}
   * @throws LinkException of kind POLICY if they cannot be used, or do not belong together
   */
  public static QuicSslContext build(ServerPlan.Identity entries) {
    try {
      ServerIdentity identity = ServerIdentity.of(entries.certificate(), entries.key());
      QuicSslContextBuilder builder =
          QuicSslContextBuilder.forServer(identity.privateKey(), null, identity.certificate())
              .applicationProtocols(Http3.supportedApplicationProtocols());
      Optional<TrustStore> clients = entries.clients();
      if (clients.isPresent()) {
        builder.trustManager(ClientTrust.exactly(clients.get())).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (PolicyException | GeneralSecurityException | IllegalArgumentException e) {
      throw new LinkException(
          FailureKind.POLICY, "no TLS context for a listener: " + e.getMessage(), null, e);
    }
  }
}
