package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerTextTest {

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void readsEveryLengthInBothAlphabetsWithAndWithoutPadding() {
    for (int length = 1; length < 300; length++) {
      byte[] bytes = bytes(length);

      assertThat(DerText.parse(Base64.getEncoder().encodeToString(bytes)).der()).isEqualTo(bytes);
      assertThat(DerText.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)).der())
          .isEqualTo(bytes);
      assertThat(DerText.parse(Base64.getMimeEncoder().encodeToString(bytes) + " \t\r\n").der())
          .isEqualTo(bytes);
    }
  }

  @Test
  void theAlphabetsMayBeMixed() {
    assertThat(DerText.parse("-_+/").der()).isEqualTo(DerText.parse("+/-_").der());
  }

  @Test
  void aPemBlockIsRecognised() {
    byte[] bytes = bytes(200);
    String block =
        "Subject: x\n-----BEGIN CERTIFICATE-----\r\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\r\n-----END CERTIFICATE-----\n";

    DerText text = DerText.parse(block);

    assertThat(text.isPem()).isTrue();
    assertThat(text.der()).isEqualTo(bytes);
    assertThat(text.size()).isEqualTo(200);
    assertThat(DerText.parse("AAAA").isPem()).isFalse();
  }

  @ParameterizedTest(name = "[{0}] gives: {1}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "MI*B|illegal base64 character '*' at offset 2",
        "MIIB=A|illegal base64 character 'A' at offset 5",
        "MIIB===|illegal base64 character '=' at offset 6",
        "MI\u00e9B|illegal base64 character '\u00e9' at offset 2",
        "MI\uD83D\uDE00B|illegal base64 character '\uD83D\uDE00' at offset 2",
        "MI\u2028B|illegal base64 character '\\u2028' at offset 2",
        "MI\u0007B|illegal base64 character (a control character) at offset 2",
        "''|empty certificate",
        "' \t '|empty certificate",
        "==|empty certificate",
        "MIIBA|base64 that ends in the middle of a byte",
        "-----BEGIN X-----AAAA|PEM without its END line",
        "-----BEGIN X-----AAAA-----END Y-----|PEM without its END line",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> DerText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void twoPemBlocksAreRefused() {
    String block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";

    assertThatThrownBy(() -> DerText.parse(block + block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than one PEM block");
  }

  @Test
  void neverShowsItsContent() {
    DerText text = DerText.parse("c2VjcmV0");

    assertThat(text).hasToString("DerText[6 bytes]");
    assertThat(text).isEqualTo(DerText.parse("c2Vj cmV0"));
    byte[] copy = text.der();
    Arrays.fill(copy, (byte) 0);
    assertThat(text.der()).isNotEqualTo(copy);
  }
}
