package io.securestreams.core.trust;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.CertificateEntry;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * What a TLS server shows and proves: a certificate and the private key that belongs to it. {@link
 * #toString()} shows the certificate's subject only.
 *
 * @param certificate the server's certificate
 * @param privateKey its private key
 */
public record ServerIdentity(X509Certificate certificate, PrivateKey privateKey) {

  /**
   * The identity of two entries of a policy. Source: policy keys {@code server_cert} and {@code
   * server_key}.
   *
   * @param certificate X.509
   * @param key PKCS#8, PKCS#1 RSA or SEC1 EC
   * @throws PolicyException if one of them is something else or they do not belong together; a
   *     policy that was parsed has no such pair
   */
  public static ServerIdentity of(CertificateEntry certificate, CertificateEntry key) {
    if (!(DerObject.parse(certificate.der()).orElse(null) instanceof DerObject.Certificate shown)) {
      throw new PolicyException("'" + certificate.name() + "' is not a certificate");
    }
    if (!(DerObject.parse(key.der()).orElse(null) instanceof DerObject.Key proof)) {
      throw new PolicyException("'" + key.name() + "' is not a private key");
    }
    if (!proof.belongsTo(shown.certificate())) {
      throw new PolicyException(
          "private key '"
              + key.name()
              + "' does not match certificate '"
              + certificate.name()
              + "'");
    }
    return new ServerIdentity(shown.certificate(), proof.privateKey());
  }

  @Override
  public String toString() {
    return "ServerIdentity[" + certificate.getSubjectX500Principal() + "]";
  }
}
