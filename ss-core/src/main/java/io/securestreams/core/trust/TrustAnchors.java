package io.securestreams.core.trust;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The authorities of a trust store, ready for TLS: exactly these are trusted, nothing of the
 * platform is added.
 *
 * @param name the trust store
 * @param certificates the authorities, in the order of the policy
 */
public record TrustAnchors(String name, List<X509Certificate> certificates) {

  /** Copies the list. */
  public TrustAnchors {
    certificates = List.copyOf(certificates);
  }

  /**
   * The authorities of a trust store.
   *
   * @param store of a policy
   * @throws PolicyException if an entry is not a certificate; a policy that was parsed has none
   */
  public static TrustAnchors of(TrustStore store) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (CertificateEntry entry : store.stack()) {
      if (!(DerObject.parse(entry.der()).orElse(null) instanceof DerObject.Certificate anchor)) {
        throw new PolicyException(
            "trust store '" + store.name() + "': '" + entry.name() + "' is not a certificate");
      }
      certificates.add(anchor.certificate());
    }
    return new TrustAnchors(store.name(), certificates);
  }

  /**
   * A new key store that holds the authorities and nothing else, in memory and without password.
   *
   * @throws IllegalStateException if this Java runtime has no PKCS#12 key store
   */
  public KeyStore keyStore() {
    try {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(null, null);
      for (int index = 0; index < certificates.size(); index++) {
        keyStore.setCertificateEntry("anchor-" + index, certificates.get(index));
      }
      return keyStore;
    } catch (GeneralSecurityException | IOException notPossible) {
      throw new IllegalStateException("no PKCS12 key store in this Java runtime", notPossible);
    }
  }
}
