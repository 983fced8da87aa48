package io.securestreams.reactor.netty;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.ServerIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/** The TLS contexts of listeners: one certificate, TLS 1.2 and 1.3. */
public final class ServerTlsContexts {

  private ServerTlsContexts() {}

  /**
   * Builds a context, which blocks.
   *
   * @param entries certificate and key, and whom clients have to be known to. Source: {@code
   *     server_cert}, {@code server_key}, {@code client_trust_store}
   * @param protocols names of what is spoken, the preferred first; none for no negotiation. Source:
   *     RFC 7301
   * @throws LinkException of kind POLICY if they cannot be used, or do not belong together
   */
  public static SslContext build(ServerPlan.Identity entries, List<String> protocols) {
    try {
      ServerIdentity identity = ServerIdentity.of(entries.certificate(), entries.key());
      SslContextBuilder builder =
          SslContextBuilder.forServer(identity.privateKey(), identity.certificate())
              .protocols("TLSv1.3", "TLSv1.2")
              .applicationProtocolConfig(negotiation(protocols));
      Optional<TrustStore> clients = entries.clients();
      if (clients.isPresent()) {
        builder.trustManager(ClientTrust.exactly(clients.get())).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (PolicyException
        | IOException
        | GeneralSecurityException
        | IllegalArgumentException e) {
      throw new LinkException(
          FailureKind.POLICY, "no TLS context for a listener: " + e.getMessage(), null, e);
    }
  }

  private static ApplicationProtocolConfig negotiation(List<String> protocols) {
    return protocols.isEmpty()
        ? ApplicationProtocolConfig.DISABLED
        : new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            protocols);
  }
}
