package io.securestreams.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for one run, and a server certificate of it for 127.0.0.1 and localhost.
 * All texts are base64 of DER, as a policy wants them.
 *
 * @param authority the authority's own certificate
 * @param certificate the server's certificate
 * @param key the server's private key
 */
public record LocalAuthority(String authority, String certificate, String key) {

  private static final X500Name AUTHORITY = new X500Name("CN=throw-away authority");
  private static final X500Name SERVER = new X500Name("CN=localhost");

  /** Makes new keys and certificates, valid for a day. */
  public static LocalAuthority create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair ca = generator.generateKeyPair();
      KeyPair server = generator.generateKeyPair();
      ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(ca.getPrivate());
      X509CertificateHolder root =
          builder(BigInteger.ONE, AUTHORITY, ca)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .build(signer);
      X509CertificateHolder leaf =
          builder(BigInteger.TWO, SERVER, server)
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(
                      new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                      }))
              .build(signer);
      return new LocalAuthority(
          base64(root.getEncoded()),
          base64(leaf.getEncoded()),
          base64(server.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java runtime makes no EC certificates", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X509v3CertificateBuilder builder(
      BigInteger serial, X500Name subject, KeyPair pair) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        serial,
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(Duration.ofDays(1))),
        subject,
        pair.getPublic());
  }

  private static String base64(byte[] der) {
    return Base64.getEncoder().encodeToString(der);
  }

  /** Tells nothing of the key. */
  @Override
  public String toString() {
    return "LocalAuthority";
  }
}
