package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateReviewTest {

  @ParameterizedTest(name = "{0} {1}: {3}")
  @CsvSource({
    "RSA, 1024, SHA256withRSA, 'RSA key of 1024 bits, at least 2048 are safe'",
    "RSA, 2048, SHA256withRSA, ''",
    "EC, 192, SHA256withECDSA, 'EC key of 192 bits, at least 224 are safe'",
    "EC, 224, SHA256withECDSA, ''",
    "EC, 256, SHA256withECDSA, ''",
    "Ed25519, 0, Ed25519, ''",
  })
  void aKeyIsWeakBelowItsLeastLength(
      String algorithm, int bits, String signature, String weakness) {
    var certificate = CertificateMaker.of(algorithm, bits, signature).certificate();

    assertThat(CertificateReview.weakKey(certificate).orElse("")).isEqualTo(weakness);
  }

  @Test
  void dsaIsWeakAtAnyLength() {
    var certificate = CertificateMaker.of("DSA", 1024, "SHA256withDSA").certificate();

    assertThat(CertificateReview.weakKey(certificate)).contains("DSA key; use EC or RSA");
  }

  @ParameterizedTest(name = "{0} is weak: {1}")
  @CsvSource({
    "MD5withRSA, true",
    "SHA1withRSA, true",
    "SHA1withRSAandMGF1, true",
    "SHA224withRSA, false",
    "SHA256withRSA, false",
    "SHA256withRSAandMGF1, false",
  })
  void aSignatureIsWeakByItsDigest(String algorithm, boolean weak) {
    CertificateMaker maker = CertificateMaker.of("RSA", 2048, algorithm);

    assertThat(CertificateReview.weakSignature(maker.certificate()).isPresent()).isEqualTo(weak);
  }

  @Test
  void nobodyLooksAtTheSignatureOfACertificateThatSignedItself() {
    CertificateMaker maker = CertificateMaker.of("RSA", 2048, "SHA1withRSA");

    assertThat(CertificateReview.weakSignature(maker.certificate())).isPresent();
    assertThat(CertificateReview.weakSignature(maker.selfSigned().certificate())).isEmpty();
  }

  @Test
  void edwardsSignaturesAreNotWeak() {
    var certificate = CertificateMaker.of("Ed25519", 0, "Ed25519").certificate();

    assertThat(CertificateReview.weakSignature(certificate)).isEmpty();
  }
}
