package io.securestreams.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8CheckTest {

  /** Characters of every length, with the first and the last of each. */
  private static final int[] CHARACTERS = {
    'a', 0x7F, 0x80, 0xE9, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF
  };

  private final Utf8Check check = new Utf8Check();

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "nothing, '', true",
    "ascii, 68656c6c6f, true",
    "ascii of more than eight bytes, 68656c6c6f20776f726c6421, true",
    "a byte above ascii among eight, 68656c6c6fc0776f726c6421, false",
    "first of two bytes, c280, true",
    "last of two bytes, dfbf, true",
    "first of three bytes, e0a080, true",
    "last before surrogates, ed9fbf, true",
    "first after surrogates, ee8080, true",
    "last of three bytes, efbfbf, true",
    "first of four bytes, f0908080, true",
    "last of all, f48fbfbf, true",
    "overlong of two, c0af, false",
    "highest overlong of two, c1bf, false",
    "overlong of three, e09fbf, false",
    "overlong of four, f08fbfbf, false",
    "first surrogate, eda080, false",
    "last surrogate, edbfbf, false",
    "beyond the last, f4908080, false",
    "lead byte that never is, f5808080, false",
    "five bytes, f888808080, false",
    "continuation alone, 80, false",
    "lead byte alone, c3, false",
    "cut in three, e282, false",
    "cut in four, f09f98, false",
    "lead byte instead of a continuation, e2c3a9, false",
    "ascii instead of a continuation, c361, false",
    "never a byte of it, fe, false",
  })
  void tellsTextFromOther(String what, String hex, boolean text) {
    Payload payload = Payload.of(HexFormat.of().parseHex(hex));

    assertThat(check.accepts(payload, MessageFlags.SOM_EOM)).as(what).isEqualTo(text);
  }

  @Test
  void joinsACharacterCutAnywhere() {
    Payload all = Payload.utf8("x\u00e9\u20ac\ud83d\ude00");
    for (int cut = 0; cut <= all.size(); cut++) {
      assertThat(check.accepts(all.slice(0, cut), MessageFlags.SOM)).as("before %d", cut).isTrue();
      assertThat(check.accepts(Payload.empty(), MessageFlags.NONE)).isTrue();
      assertThat(check.accepts(all.slice(cut, all.size()), MessageFlags.EOM))
          .as("after %d", cut)
          .isTrue();
    }
  }

  @Test
  void refusesACutCharacterAtTheEndOnly() {
    Payload cut = Payload.of(new byte[] {(byte) 0xE2, (byte) 0x82});

    assertThat(check.accepts(cut, MessageFlags.SOM)).isTrue();
    assertThat(check.accepts(Payload.empty(), MessageFlags.EOM)).isFalse();
  }

  @Test
  void forgetsWhatWasBeforeTheStartOfAMessage() {
    check.accepts(Payload.of(new byte[] {(byte) 0xE2}), MessageFlags.SOM);

    assertThat(check.accepts(Payload.utf8("plain"), MessageFlags.SOM_EOM)).isTrue();
  }

  @Test
  void agreesWithTheJdkOnAnyBytes() {
    long seed = 20_240_607;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = text(random).getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Payload all = Payload.of(bytes);
      int cut = random.nextInt(bytes.length + 1);

      boolean accepted =
          check.accepts(all.slice(0, cut), MessageFlags.SOM)
              && check.accepts(all.slice(cut, bytes.length), MessageFlags.EOM);

      assertThat(accepted)
          .as("seed %d, round %d, %s", seed, round, HexFormat.of().formatHex(bytes))
          .isEqualTo(isTextForTheJdk(bytes));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(20); left > 0; left--) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  private static boolean isTextForTheJdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
