package io.securestreams.reactor.netty;

import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.TrustAnchors;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import javax.net.ssl.TrustManagerFactory;

/** Whom clients trust, and servers if they ask clients for certificates. */
final class ClientTrust {

  private ClientTrust() {}

  /**
   * Trusts exactly the authorities of a trust store.
   *
   * @throws GeneralSecurityException if there are none, or they cannot be used
   * @throws io.securestreams.core.error.PolicyException if an entry is no certificate
   */
  static TrustManagerFactory exactly(TrustStore store) throws GeneralSecurityException {
    if (store.stack().isEmpty()) {
      throw new CertificateException("it has no certificates");
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(TrustAnchors.of(store).keyStore());
    return factory;
  }
}
