package io.securestreams.core.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;

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
      if (!(ASN1Primitive.fromByteArray(der) instanceof ASN1Sequence sequence)
          || sequence.size() < 2) {
        return Optional.empty();
      }
      ASN1Encodable first = sequence.getObjectAt(0);
      return first instanceof ASN1Integer
          ? privateKey(sequence).map(Key::new)
          : Optional.of(new Certificate(certificate(der)));
    } catch (IOException | GeneralSecurityException | RuntimeException notRecognised) {
      return Optional.empty();
    }
  }

  private static X509Certificate certificate(byte[] der) throws IOException, CertificateException {
    return new JcaX509CertificateConverter().getCertificate(new X509CertificateHolder(der));
  }

  private static Optional<PrivateKey> privateKey(ASN1Sequence sequence)
      throws IOException, GeneralSecurityException {
    PrivateKeyInfo info;
    ASN1Encodable second = sequence.getObjectAt(1);
    if (second instanceof ASN1Sequence) {
      info = PrivateKeyInfo.getInstance(sequence);
    } else if (second instanceof ASN1Integer) {
      AlgorithmIdentifier rsa =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      info = new PrivateKeyInfo(rsa, sequence);
    } else {
      ECPrivateKey sec1 = ECPrivateKey.getInstance(sequence);
      ASN1Encodable curve = sec1.getParametersObject();
      if (curve == null) {
        return Optional.empty();
      }
      info =
          new PrivateKeyInfo(
              new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), sec1);
    }
    String algorithm = algorithm(info.getPrivateKeyAlgorithm().getAlgorithm());
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(info.getEncoded());
    return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
  }

  private static String algorithm(ASN1ObjectIdentifier id) {
    if (id.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    if (id.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    }
    boolean edwards =
        id.equals(EdECObjectIdentifiers.id_Ed25519) || id.equals(EdECObjectIdentifiers.id_Ed448);
    return edwards ? "EdDSA" : id.getId();
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
