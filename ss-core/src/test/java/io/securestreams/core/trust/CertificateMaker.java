package io.securestreams.core.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates for tests: of any key, signed in any way, for any time.
 *
 * @param pair its keys
 * @param signature how it is signed
 * @param issuer who says to have signed it; the subject is always {@code CN=subject}
 * @param end when it expires
 */
public record CertificateMaker(KeyPair pair, String signature, String issuer, Instant end) {

  private static final Provider PROVIDER = new BouncyCastleProvider();
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  /** A certificate that says that somebody else has signed it. */
  public static CertificateMaker of(String algorithm, int bits, String signature) {
    return new CertificateMaker(pair(algorithm, bits), signature, "CN=issuer", LATER);
  }

  /** The same, said to be signed by itself. */
  public CertificateMaker selfSigned() {
    return new CertificateMaker(pair, signature, "CN=subject", end);
  }

  /** The same with another end. */
  public CertificateMaker expiring(Instant when) {
    return new CertificateMaker(pair, signature, issuer, when);
  }

  private static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, PROVIDER);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
      } else if (!algorithm.startsWith("Ed")) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  /** The certificate. */
  public X509Certificate certificate() {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new JcaX509v3CertificateBuilder(
                      new X500Name(issuer),
                      BigInteger.ONE,
                      Date.from(Instant.parse("2000-01-01T00:00:00Z")),
                      Date.from(end),
                      new X500Name("CN=subject"),
                      pair.getPublic())
                  .build(
                      new JcaContentSignerBuilder(signature)
                          .setProvider(PROVIDER)
                          .build(pair.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  /** The certificate as {@code certs} of a policy holds it. */
  public String base64() {
    try {
      return Base64.getEncoder().encodeToString(certificate().getEncoded());
    } catch (GeneralSecurityException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  /** Its private key as {@code certs} of a policy holds it. */
  public String keyBase64() {
    return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
  }
}
