package io.securestreams.core.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
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

  /**
   * Reads certificates and key.
   *
   * @param chain the client's certificate, then those that vouch for it: PEM, or DER one after the
   *     other; private keys among them are skipped
   * @param key the private key, not encrypted: PKCS#8, PKCS#1 RSA or SEC1 EC, in PEM or DER
   * @throws IllegalArgumentException if one of them is something else, or they do not belong
   *     together; the message quotes neither
   */
  public static ClientIdentity of(byte[] chain, byte[] key) {
    List<X509Certificate> certificates = certificates(chain);
    DerObject.Key proof = key(key);
    if (!proof.belongsTo(certificates.get(0))) {
      throw new IllegalArgumentException("the key does not match the first certificate");
    }
    return new ClientIdentity(certificates, proof.privateKey());
  }

  private static List<X509Certificate> certificates(byte[] chain) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : split("the certificate", chain)) {
      DerObject object =
          DerObject.parse(der)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the certificate, or one behind it, cannot be decoded"));
      if (object instanceof DerObject.Certificate certificate) {
        certificates.add(certificate.certificate());
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate");
    }
    return certificates;
  }

  /** The first that is a key: parameters of its curve may stand before it. */
  private static DerObject.Key key(byte[] key) {
    for (byte[] der : split("the key", key)) {
      if (DerObject.parse(der).orElse(null) instanceof DerObject.Key found) {
        return found;
      }
    }
    throw new IllegalArgumentException(
        "there is no private key in PKCS#8, PKCS#1 or SEC1 that is not encrypted");
  }

  private static List<byte[]> split(String what, byte[] bytes) {
    try {
      return DerBundle.split(bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " cannot be decoded: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "ClientIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
