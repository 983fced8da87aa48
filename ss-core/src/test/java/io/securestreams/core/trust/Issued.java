package io.securestreams.core.trust;

import io.securestreams.core.policy.CertificateEntry;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A key pair and a certificate that it signed for itself, made for one test. */
record Issued(KeyPair pair, X509Certificate certificate) {

  static Issued rsa(String subject) {
    return of(subject, "RSA", 2048, "SHA256withRSA");
  }

  static Issued ec(String subject) {
    return of(subject, "EC", 256, "SHA256withECDSA");
  }

  static Issued ed25519(String subject) {
    return of(subject, "Ed25519", 255, "Ed25519");
  }

  private static Issued of(String subject, String algorithm, int size, String signature) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=" + subject);
      Date from = new Date(1_700_000_000_000L);
      Date to = new Date(4_000_000_000_000L);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(name, BigInteger.ONE, from, to, name, pair.getPublic());
      return new Issued(
          pair,
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()))));
    } catch (GeneralSecurityException | OperatorCreationException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  byte[] pkcs8() {
    return pair.getPrivate().getEncoded();
  }

  /** What stands inside PKCS#8: PKCS#1 for RSA, SEC1 for EC. */
  byte[] traditional() {
    try {
      return PrivateKeyInfo.getInstance(pkcs8()).parsePrivateKey().toASN1Primitive().getEncoded();
    } catch (IOException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  CertificateEntry certificateEntry(String name) {
    return new CertificateEntry(name, der());
  }

  CertificateEntry keyEntry(String name) {
    return new CertificateEntry(name, pkcs8());
  }
}
