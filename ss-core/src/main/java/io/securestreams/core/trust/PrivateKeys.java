package io.securestreams.core.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The forms of a private key. Apart from {@link DerObject}, because this loads an ASN.1 library
 * that policies without keys do not need.
 */
final class PrivateKeys {

  private PrivateKeys() {}

  /** The key, if it is complete and of a kind that this Java runtime knows. */
  static Optional<PrivateKey> parse(byte[] der) {
    try {
      return parse(ASN1Sequence.getInstance(der));
    } catch (IOException | GeneralSecurityException | RuntimeException notRecognised) {
      return Optional.empty();
    }
  }

  private static Optional<PrivateKey> parse(ASN1Sequence sequence)
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
}
