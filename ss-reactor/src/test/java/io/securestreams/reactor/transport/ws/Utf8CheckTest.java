package io.securestreams.reactor.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {

  @Test
  void agreesWithThePlatformAboutShortTexts() {
    byte[] bytes = new byte[3];
    for (int i = 0; i < 1 << 24; i += 211) {
      bytes[0] = (byte) (i >> 16);
      bytes[1] = (byte) (i >> 8);
      bytes[2] = (byte) i;
      if (accepts(bytes, 3) != platformAccepts(bytes)) {
        throw new AssertionError(String.format("%06X", i));
      }
    }
  }

  @Test
  void agreesWithThePlatformAboutMutatedTextCutAnywhere() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] text = "plain ascii, Grüße, €uro, \uD83D\uDE00 and more ascii".getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = text.clone();
      for (int n = random.nextInt(3); n > 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      int cut = random.nextInt(mutated.length + 1);
      assertThat(accepts(mutated, cut)).as("seed %d", seed).isEqualTo(platformAccepts(mutated));
    }
  }

  @Test
  void beginsAgainAfterReset() {
    Utf8Check check = new Utf8Check();
    check.accepts(new byte[] {(byte) 0xE2});
    assertThat(check.isWhole()).isFalse();

    check.reset();

    assertThat(check.accepts("a".getBytes(UTF_8)) && check.isWhole()).isTrue();
  }

  private static boolean accepts(byte[] bytes, int cut) {
    Utf8Check check = new Utf8Check();
    return check.accepts(Arrays.copyOf(bytes, cut))
        && check.accepts(Arrays.copyOfRange(bytes, cut, bytes.length))
        && check.isWhole();
  }

  private static boolean platformAccepts(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
