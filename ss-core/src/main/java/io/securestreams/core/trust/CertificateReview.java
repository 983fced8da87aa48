package io.securestreams.core.trust;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.DSAKeyParameters;
import org.bouncycastle.crypto.params.ECKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;

/**
 * Tells whether a certificate rests on cryptography that is no longer safe.
 *
 * <p><b>Source:</b> NIST SP 800-131A revision 2: RSA from 2048 bits, elliptic curves from 224 bits,
 * no SHA-1 and no DSA in new signatures.
 */
public final class CertificateReview {

  private static final int LEAST_RSA_BITS = 2048;
  private static final int LEAST_EC_BITS = 224;

  private static final Set<ASN1ObjectIdentifier> WEAK_DIGESTS =
      Set.of(
          OIWObjectIdentifiers.idSHA1,
          PKCSObjectIdentifiers.md2,
          PKCSObjectIdentifiers.md4,
          PKCSObjectIdentifiers.md5);

  private CertificateReview() {}

  /**
   * What is wrong with the public key.
   *
   * @param certificate any
   * @return for example {@code RSA key of 1024 bits, at least 2048 are safe}; empty if nothing is,
   *     or if the kind of key is not known here
   */
  public static Optional<String> weakKey(X509Certificate certificate) {
    try {
      return weakness(PublicKeyFactory.createKey(holder(certificate).getSubjectPublicKeyInfo()));
    } catch (IOException | CertificateEncodingException | RuntimeException unknownKind) {
      return Optional.empty();
    }
  }

  private static Optional<String> weakness(AsymmetricKeyParameter key) {
    if (key instanceof RSAKeyParameters rsa) {
      return tooShort("RSA", rsa.getModulus().bitLength(), LEAST_RSA_BITS);
    }
    if (key instanceof ECKeyParameters ec) {
      return tooShort("EC", ec.getParameters().getN().bitLength(), LEAST_EC_BITS);
    }
    return key instanceof DSAKeyParameters
        ? Optional.of("DSA key; use EC or RSA")
        : Optional.empty();
  }

  private static Optional<String> tooShort(String kind, int bits, int least) {
    return bits < least
        ? Optional.of(kind + " key of " + bits + " bits, at least " + least + " are safe")
        : Optional.empty();
  }

  /**
   * The signature algorithm, if its digest can be forged: MD5 and older, SHA-1.
   *
   * @param certificate any
   * @return for example {@code SHA1withRSA}; empty for others, and for a certificate that names
   *     itself as its issuer, because nobody trusts it for its signature
   */
  public static Optional<String> weakSignature(X509Certificate certificate) {
    if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
      return Optional.empty();
    }
    try {
      AlgorithmIdentifier signature = holder(certificate).getSignatureAlgorithm();
      AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
      return WEAK_DIGESTS.contains(digest.getAlgorithm())
          ? Optional.of(certificate.getSigAlgName())
          : Optional.empty();
    } catch (IOException | CertificateEncodingException | RuntimeException unknownKind) {
      return Optional.empty();
    }
  }

  private static X509CertificateHolder holder(X509Certificate certificate)
      throws IOException, CertificateEncodingException {
    return new X509CertificateHolder(certificate.getEncoded());
  }
}
