package io.securestreams.core.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a DER object of a policy is: an X.509 certificate or a private key.
 *
 * <p><b>Shape:</b> private keys are accepted as PKCS#8 (RFC 5958), PKCS#1 RSA (RFC 8017) and SEC1
 * EC (RFC 5915). Encrypted keys are not.
 */
public sealed interface DerObject {

  /**
   * Recognises the bytes.
   *
   * @param der one DER object and nothing after it
   * @return empty if they are neither a certificate nor a private key of a kind that this Java
   *     runtime knows
   */
  static Optional<DerObject> parse(byte[] der) {
    try {
      OptionalInt first = DerHeader.firstTag(der);
      if (first.isEmpty()) {
        return Optional.empty();
      }
      return first.getAsInt() == DerHeader.INTEGER
          ? PrivateKeys.parse(der).map(Key::new)
          : Optional.of(new Certificate(certificate(der)));
    } catch (IOException | GeneralSecurityException | RuntimeException notRecognised) {
      return Optional.empty();
    }
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /**
   * A certificate.
   *
   * @param certificate in the form of the Java platform
   */
  record Certificate(X509Certificate certificate) implements DerObject {}

  /**
   * A private key. {@link #toString()} shows the algorithm only.
   *
   * @param privateKey in the form of the Java platform
   */
  record Key(PrivateKey privateKey) implements DerObject {

    /**
     * True if the key is the private half of the certificate's key.
     *
     * @param certificate any certificate
     */
    public boolean belongsTo(X509Certificate certificate) {
      return KeyMatch.matches(privateKey, certificate.getPublicKey());
    }

    @Override
    public String toString() {
      return "Key[" + privateKey.getAlgorithm() + "]";
    }
  }
}
