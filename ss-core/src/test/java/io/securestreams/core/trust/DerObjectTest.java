package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DerObjectTest {

  private static final Issued RSA = Issued.rsa("rsa");
  private static final Issued EC = Issued.ec("ec");
  private static final Issued ED = Issued.ed25519("ed");

  static Stream<Arguments> certificates() {
    return Stream.of(Arguments.of("RSA", RSA), Arguments.of("EC", EC), Arguments.of("Ed25519", ED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("certificates")
  void recognisesCertificates(String algorithm, Issued issued) {
    assertThat(DerObject.parse(issued.der()))
        .contains(new DerObject.Certificate(issued.certificate()));
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of("PKCS#8 RSA", RSA.pkcs8(), RSA),
        Arguments.of("PKCS#8 EC", EC.pkcs8(), EC),
        Arguments.of("PKCS#8 Ed25519", ED.pkcs8(), ED),
        Arguments.of("PKCS#1 RSA", RSA.traditional(), RSA),
        Arguments.of("SEC1 EC", withCurve(EC.traditional()), EC));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void recognisesPrivateKeysAndTheirCertificates(String form, byte[] der, Issued owner) {
    DerObject object = DerObject.parse(der).orElseThrow();

    assertThat(object).isInstanceOf(DerObject.Key.class);
    DerObject.Key key = (DerObject.Key) object;
    assertThat(key.privateKey().getEncoded()).isNotEmpty();
    for (Issued issued : new Issued[] {RSA, EC, ED}) {
      assertThat(key.belongsTo(issued.certificate())).isEqualTo(issued.equals(owner));
    }
    assertThat(key.belongsTo(Issued.rsa("other").certificate())).isFalse();
    assertThat(key.belongsTo(Issued.ec("other").certificate())).isFalse();
    assertThat(key.belongsTo(Issued.ed25519("other").certificate())).isFalse();
  }

  /** SEC1 as files have it: with the curve, which PKCS#8 says outside of it. */
  private static byte[] withCurve(byte[] sec1) {
    try {
      ECPrivateKey bare = ECPrivateKey.getInstance(sec1);
      return new ECPrivateKey(256, bare.getKey(), X9ObjectIdentifiers.prime256v1).getEncoded();
    } catch (IOException notPossible) {
      throw new IllegalStateException(notPossible);
    }
  }

  @Test
  void aSec1KeyWithoutCurveIsNotUsable() {
    assertThat(DerObject.parse(EC.traditional())).isEmpty();
  }

  @Test
  void showsTheAlgorithmOfAKeyOnly() {
    DerObject.Key key = (DerObject.Key) DerObject.parse(RSA.pkcs8()).orElseThrow();

    assertThat(key).hasToString("Key[RSA]");
  }

  @Test
  void nothingMayFollow() {
    for (byte[] der : new byte[][] {EC.der(), EC.pkcs8(), RSA.traditional()}) {
      assertThat(DerObject.parse(Arrays.copyOf(der, der.length + 1))).isEmpty();
      assertThat(DerObject.parse(Arrays.copyOf(der, der.length - 1))).isEmpty();
    }
  }

  @Test
  void publicKeysAndOtherSequencesAreNotRecognised() {
    assertThat(DerObject.parse(EC.pair().getPublic().getEncoded())).isEmpty();
    assertThat(DerObject.parse(new byte[] {0x30, 0})).isEmpty();
    assertThat(DerObject.parse(new byte[] {4, 1, 0})).isEmpty();
    assertThat(DerObject.parse(new byte[0])).isEmpty();
  }

  @Test
  void deepNestingIsNotRecognisedAndDoesNoHarm() {
    byte[] indefinite = new byte[60_000];
    for (int i = 0; i < indefinite.length; i += 2) {
      indefinite[i] = 0x30;
      indefinite[i + 1] = (byte) 0x80;
    }

    assertThat(DerObject.parse(indefinite)).isEmpty();
  }

  @Test
  void damagedBytesNeverThrow() {
    for (byte[] whole : new byte[][] {RSA.der(), EC.der(), ED.der(), RSA.pkcs8(), EC.pkcs8()}) {
      Random random = new Random(whole.length);
      for (int round = 0; round < 500; round++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        if (DerObject.parse(damaged).orElse(null) instanceof DerObject.Key key) {
          key.belongsTo(RSA.certificate());
          key.belongsTo(EC.certificate());
        }
      }
    }
  }
}
