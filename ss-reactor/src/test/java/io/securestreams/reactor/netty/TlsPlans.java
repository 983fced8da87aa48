package io.securestreams.reactor.netty;

import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.ClientIdentity;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Identity;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ways to verify peers. */
final class TlsPlans {

  private TlsPlans() {}

  /** Trusts an authority and nobody else. */
  static TlsPlan trusting(Authority authority) {
    return trusting(authority.certificate());
  }

  /** Trusts those who show, or are vouched for by, these. */
  static TlsPlan trusting(X509Certificate... anchors) {
    List<CertificateEntry> stack = new ArrayList<>();
    for (X509Certificate anchor : anchors) {
      try {
        stack.add(new CertificateEntry("anchor" + stack.size(), anchor.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new AssertionError(e);
      }
    }
    return new TlsPlan(Optional.of(new TrustStore("test", stack)));
  }

  /** The same for somebody who can show a certificate. */
  static TlsPlan showing(TlsPlan plan, Identity identity) {
    return new TlsPlan(
        plan.trustStore(),
        Optional.of(new ClientIdentity(List.of(identity.certificate()), identity.key())));
  }
}
