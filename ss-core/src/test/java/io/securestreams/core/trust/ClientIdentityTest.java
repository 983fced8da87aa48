package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.junit.jupiter.api.Test;

class ClientIdentityTest {

  private static final byte[] NOTHING = {};

  private final Issued rsa = Issued.rsa("device");
  private final Issued ec = Issued.ec("other");

  private static byte[] pem(String label, byte[]... objects) {
    StringBuilder text = new StringBuilder("friendlyName: device\n");
    for (byte[] der : objects) {
      text.append("-----BEGIN ").append(label).append("-----\n");
      text.append(Base64.getMimeEncoder().encodeToString(der));
      text.append("\n-----END ").append(label).append("-----\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** As {@code openssl ecparam -genkey} writes it: the curve, then the key that names it again. */
  private byte[] sec1() throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(ec.pkcs8());
    X9ECParameters curve = ECNamedCurveTable.getByName("secp256r1");
    org.bouncycastle.asn1.sec.ECPrivateKey bare =
        org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
    return new org.bouncycastle.asn1.sec.ECPrivateKey(
            curve.getN().bitLength(), bare.getKey(), info.getPrivateKeyAlgorithm().getParameters())
        .getEncoded();
  }

  @Test
  void readsDerAndPem() {
    for (byte[] certificate : new byte[][] {rsa.der(), pem("CERTIFICATE", rsa.der())}) {
      for (byte[] key :
          new byte[][] {
            rsa.pkcs8(),
            rsa.traditional(),
            pem("PRIVATE KEY", rsa.pkcs8()),
            pem("RSA PRIVATE KEY", rsa.traditional())
          }) {
        ClientIdentity identity = ClientIdentity.of(certificate, key);

        assertThat(identity.chain()).containsExactly(rsa.certificate());
        assertThat(identity.privateKey()).isEqualTo(rsa.pair().getPrivate());
      }
    }
  }

  @Test
  void readsAnEcKeyBehindItsCurve() throws IOException {
    byte[] curve =
        PrivateKeyInfo.getInstance(ec.pkcs8())
            .getPrivateKeyAlgorithm()
            .getParameters()
            .toASN1Primitive()
            .getEncoded();

    ClientIdentity identity =
        ClientIdentity.of(
            ec.der(), joined(pem("EC PARAMETERS", curve), pem("EC PRIVATE KEY", sec1())));

    assertThat(((ECPrivateKey) identity.privateKey()).getS())
        .isEqualTo(((ECPrivateKey) ec.pair().getPrivate()).getS());
  }

  @Test
  void keepsTheChainInItsOrder() {
    byte[] issuer = ec.der();

    for (byte[] chain :
        new byte[][] {joined(rsa.der(), issuer), pem("CERTIFICATE", rsa.der(), issuer)}) {
      assertThat(ClientIdentity.of(chain, rsa.pkcs8()).chain())
          .containsExactly(rsa.certificate(), ec.certificate());
    }
  }

  @Test
  void readsCertificateAndKeyFromOneFile() {
    byte[] file = joined(pem("PRIVATE KEY", rsa.pkcs8()), pem("CERTIFICATE", rsa.der()));

    assertThat(ClientIdentity.of(file, file).chain()).containsExactly(rsa.certificate());
  }

  @Test
  void saysWhichPartIsWrong() {
    byte[] cut = Arrays.copyOf(rsa.der(), 100);
    refuses(NOTHING, rsa.pkcs8(), "there is no certificate");
    refuses(cut, rsa.pkcs8(), "the certificate cannot be decoded: DER that begins at offset 0");
    refuses(new byte[] {1}, rsa.pkcs8(), "the certificate cannot be decoded: neither PEM nor DER");
    refuses(new byte[] {0x30, (byte) 0x85, 0, 0, 0, 0, 0}, rsa.pkcs8(), "neither PEM nor DER");
    refuses(new byte[] {0x30, 1, 0}, rsa.pkcs8(), "the certificate, or one behind it");
    refuses(joined(rsa.der(), new byte[] {4, 0}), rsa.pkcs8(), "or one behind it");
    refuses(rsa.pkcs8(), rsa.pkcs8(), "there is no certificate");
    refuses(rsa.der(), rsa.der(), "there is no private key");
    refuses(rsa.der(), pem("PRIVATE KEY"), "the key cannot be decoded");
    refuses(rsa.der(), ec.pkcs8(), "does not match the first certificate");
    refuses(joined(ec.der(), rsa.der()), rsa.pkcs8(), "does not match the first certificate");
  }

  @Test
  void neverShowsTheKey() {
    assertThat(ClientIdentity.of(rsa.der(), rsa.pkcs8())).hasToString("ClientIdentity[CN=device]");
  }

  private static void refuses(byte[] chain, byte[] key, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientIdentity.of(chain, key))
        .withMessageContaining(message);
  }
}
