package io.securestreams.core.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * What a TLS client shows and proves: a certificate with its chain, and the private key that
 * belongs to it. {@link #toString()} shows the certificate's subject only.
 *
 * @param chain the client's certificate first, then those that vouch for it
 * @param privateKey the key of the first certificate
 */
public record ClientIdentity(List<X509Certificate> chain, PrivateKey privateKey) {

  /** Copies the chain. */
  public ClientIdentity {
    chain = List.copyOf(chain);
    Objects.requireNonNull(privateKey, "privateKey");
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an identity needs a certificate");
    }
  }

  @Override
  public String toString() {
    return "ClientIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
