package io.securestreams.core.trust;

import java.io.ByteArrayInputStream;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

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
    if (isOfIndefiniteLength(der)) {
      return Optional.empty();
    }
    return certificate(der)
        .<DerObject>map(Certificate::new)
        .or(() -> PrivateKeys.parse(der).map(Key::new));
  }

  /** That is no DER (X.690 section 10.1), and the platform follows its nesting without a limit. */
  private static boolean isOfIndefiniteLength(byte[] der) {
    return der.length > 1 && der[1] == (byte) 0x80;
  }

  /** The certificate, if the bytes are one and nothing else. */
  private static Optional<X509Certificate> certificate(byte[] der) {
    try {
      java.security.cert.Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
      // The factory also takes text in PEM, and ignores what follows.
      return certificate instanceof X509Certificate x509 && Arrays.equals(x509.getEncoded(), der)
          ? Optional.of(x509)
          : Optional.empty();
    } catch (CertificateException notRecognised) {
      return Optional.empty();
    }
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
