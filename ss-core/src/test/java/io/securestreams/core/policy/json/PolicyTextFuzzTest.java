package io.securestreams.core.policy.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are nearly policies. */
class PolicyTextFuzzTest {

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "#",
          "\\",
          "\n",
          "\r",
          "\t",
          " ",
          "\0",
          "'",
          "/*",
          "null",
          "true",
          "false",
          "-",
          "-1",
          "0",
          "00",
          "1e999",
          "99999999999999999999",
          "0.5",
          "\"\"",
          "\"${x}\"",
          "\"${\"",
          "[]",
          "{}",
          "[{}]",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\\u0000",
          "\"x\":",
          "\"retry\":",
          "\"tls\":true,",
          "\"server\":true,",
          "\"protocol\":\"mqtt\",",
          "\"rideshare\":\"a\",",
          "\"s\":",
          "\"name\":",
          "\u0007",
          "\u0085",
          "\u00E9",
          "\u20AC",
          "\uD83D\uDE00",
          "\u2028",
          "\uFEFF");

  private final List<byte[]> originals = new ArrayList<>();
  private final FuzzCheck check = new FuzzCheck(List.of(Certificates.SERVER_KEY));

  @BeforeEach
  void readOriginals() throws IOException {
    List<Path> files =
        Stream.of(SampleFiles.SAMPLES, SampleFiles.SAMPLES.resolve("invalid"))
            .flatMap(directory -> SampleFiles.policies(directory).stream())
            .toList();
    for (Path file : files) {
      originals.add(Files.readAllBytes(file));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void onlyDeclaredFindingsComeOut(long seed) {
    FuzzRounds.run(
        seed,
        random -> {
          byte[] text = any(random);
          for (int change = random.nextInt(4); change >= 0; change--) {
            text = changed(text, random);
          }
          check.check(text);
        });
  }

  private byte[] any(Random random) {
    return originals.get(random.nextInt(originals.size()));
  }

  private byte[] changed(byte[] text, Random random) {
    int from = random.nextInt(text.length + 1);
    int to = Math.min(text.length, from + random.nextInt(random.nextInt(8) == 0 ? 400 : 12));
    byte[] before = Arrays.copyOf(text, from);
    byte[] between = Arrays.copyOfRange(text, from, to);
    byte[] after = Arrays.copyOfRange(text, to, text.length);
    return switch (random.nextInt(8)) {
      case 0 -> joined(before, after);
      case 1 -> joined(before, piece(random), between, after);
      case 2 -> joined(before, piece(random), after);
      case 3 -> joined(before, between, between, after);
      case 4 -> joined(before, part(any(random), random), after);
      case 5 -> flipped(text, random);
      case 6 -> random.nextInt(8) == 0 ? before : joined(between, after, before);
      default -> joined(before, between, piece(random), piece(random), after);
    };
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] part(byte[] text, Random random) {
    int from = random.nextInt(text.length + 1);
    return Arrays.copyOfRange(text, from, from + random.nextInt(text.length - from + 1));
  }

  private static byte[] flipped(byte[] text, Random random) {
    byte[] flipped = text.clone();
    for (int flips = flipped.length == 0 ? 0 : 1 + random.nextInt(3); flips > 0; flips--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
