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
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.trust.ServerIdentity;
import java.io.IOException;
import java.util.List;

/** The TLS contexts of listeners: one certificate, TLS 1.2 and 1.3. */
public final class ServerTlsContexts {

  private ServerTlsContexts() {}

  /**
   * Builds a context, which blocks.
   *
   * @param entries certificate and key. Source: {@code server_cert}, {@code server_key}
   * @param protocols names of what is spoken, the preferred first; none for no negotiation. Source:
   *     RFC 7301
   * @throws LinkException of kind POLICY if they cannot be used, or do not belong together
   */
  public static SslContext build(ServerPlan.Identity entries, List<String> protocols) {
    try {
      ServerIdentity identity = ServerIdentity.of(entries.certificate(), entries.key());
      return SslContextBuilder.forServer(identity.privateKey(), identity.certificate())
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(negotiation(protocols))
          .build();
    } catch (PolicyException | IOException | IllegalArgumentException e) {
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
