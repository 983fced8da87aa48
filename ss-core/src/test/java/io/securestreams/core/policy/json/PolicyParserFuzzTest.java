package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are nearly policies: whatever they are, the answer is a list of placed findings. */
class PolicyParserFuzzTest {

  private static final int ROUNDS = 600;
  private static final String SPICE =
      "{}[]\",:#\\\n\r\t 0123456789-+.eEtrufalsn/'*\u0000\u0007\u00E9\u20AC\uD83D\uDE00";
  private static final List<String> PIECES =
      List.of(
          "null",
          "true",
          "-1",
          "\"\"",
          "\"${x}\"",
          "\"${\"",
          "[]",
          "{}",
          "[{}]",
          "1e999",
          "99999999999999999999",
          "\"\\ud800\"",
          "\"x\":",
          "\"retry\":",
          "\"tls\":true,",
          "\"server\":true,",
          "\"protocol\":\"mqtt\",",
          "\"rideshare\":\"a\",",
          "#",
          "\uFEFF");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void onlyDeclaredFindingsComeOut(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> originals = originals();

    for (int round = 0; round < ROUNDS; round++) {
      String text = originals.get(random.nextInt(originals.size()));
      for (int change = random.nextInt(4); change >= 0; change--) {
        text = changed(text, random);
      }
      check(text, "seed " + seed + ", round " + round);
    }
  }

  private static void check(String text, String label) {
    PolicyParse parse = PolicyParser.lenient().parse(text, "fuzz");

    boolean refused = parse.findings().stream().anyMatch(Finding::isError);
    assertThat(parse.database().isEmpty()).as(label).isEqualTo(refused);
    List<String> lines = text.lines().toList();
    assertThat(parse.findings())
        .as(label)
        .allSatisfy(
            finding -> {
              assertThat(finding.toString()).doesNotContainPattern("\\R");
              assertThat(finding.location().column()).isPositive();
              assertThat(finding.location().line()).isBetween(1, lines.size() + 1);
            });
    boolean tokenizes =
        JsonTreeReader.read(new PolicyText("fuzz", text).text())
            .filter(JsonValue.Obj.class::isInstance)
            .isPresent();
    boolean scans = SyntaxScanner.scan(new PolicyText("fuzz", text).text()).isEmpty();
    assertThat(scans).as("both readers of JSON agree, %s: %s", label, text).isEqualTo(tokenizes);
  }

  private static List<String> originals() throws IOException {
    List<Path> files =
        Stream.of(SampleFiles.SAMPLES, SampleFiles.SAMPLES.resolve("invalid"))
            .flatMap(directory -> SampleFiles.policies(directory).stream())
            .toList();
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(Files.readString(file));
    }
    return texts;
  }

  private static String changed(String text, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(12));
    String before = text.substring(0, from);
    return switch (random.nextInt(5)) {
      case 0 -> before + text.substring(to);
      case 1 -> before + SPICE.charAt(random.nextInt(SPICE.length())) + text.substring(from);
      case 2 -> before + PIECES.get(random.nextInt(PIECES.size())) + text.substring(from);
      case 3 -> before + PIECES.get(random.nextInt(PIECES.size())) + text.substring(to);
      default -> before + text.substring(from, to) + text.substring(from);
    };
  }
}
