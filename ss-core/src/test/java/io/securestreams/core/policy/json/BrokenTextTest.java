package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Location;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of which a part is missing, foreign or there twice. */
class BrokenTextTest {

  private static final String POLYGLOT =
      """
      {
        # caf\u00E9 \u20AC \uD83D\uDE00
        "release": "\u00E9\u20AC\uD83D\uDE00\\u20ac\\ud83d\\ude00\\n", "x-\u4E2D\u6587": -1.5e+3,
        "s": [{"\uD83D\uDE00": {"local_sink": true}}, {"b": {"local_sink": true, "_": null}},
          {"c": {"server": true, "port": 0, "protocol": "raw", "options": [{"k": "v"}],
                 "http_resp_map": [{"404": 4}], "metadata": [{"m": ""}, {"n": "x-n:"}]}}],
        "metrics": [{"name": "m"}], "auth": [{"name": "q"}], "retry": [{"r": {"conceal": 1}}]
      }""";

  static Stream<Arguments> texts() {
    return Stream.concat(
        Stream.of(Arguments.of("polyglot", POLYGLOT)),
        SampleFiles.policies(SampleFiles.SAMPLES).stream()
            .map(file -> Arguments.of(SampleFiles.name(file), read(file).stripTrailing())));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static PolicyParse parse(byte[] bytes) {
    return PolicyParser.lenient().parse(new ByteArrayInputStream(bytes), "broken");
  }

  /** The place behind so many bytes, of which the last may be part of a character. */
  private static Location placeBehind(byte[] bytes, int count) {
    int whole = count;
    while (whole > 0 && whole < bytes.length && (bytes[whole] & 0xC0) == 0x80) {
      whole--;
    }
    String before = new String(bytes, 0, whole, StandardCharsets.UTF_8);
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Location("broken", line, 1 + before.codePointCount(lineStart, before.length()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void everyBeginningIsRefusedWithOneFindingInside(String name, String text) {
    byte[] whole = text.getBytes(StandardCharsets.UTF_8);
    assertThat(parse(whole).database()).isPresent();

    for (int length = 0; length < whole.length; length++) {
      boolean cutsCharacter = (whole[length] & 0xC0) == 0x80;

      PolicyParse parse = parse(Arrays.copyOf(whole, length));

      assertThat(parse.findings()).as("%s cut after %d bytes", name, length).hasSize(1);
      Finding finding = parse.findings().get(0);
      assertThat(finding.code())
          .as("%s cut after %d bytes: %s", name, length, finding)
          .isEqualTo(cutsCharacter ? FindingCode.ENCODING : FindingCode.SYNTAX);
      Location end = placeBehind(whole, length);
      assertThat(finding.location().line()).as(finding.toString()).isBetween(1, end.line());
      if (finding.location().line() == end.line()) {
        assertThat(finding.location().column()).as(finding.toString()).isBetween(1, end.column());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "80",
        "BF",
        "C3",
        "C0AF",
        "C1BF",
        "E282",
        "E080AF",
        "EDA080",
        "EDBFBF",
        "F09F98",
        "F08282AC",
        "F4908080",
        "F8888080",
        "FE",
        "FF",
        "FFFE"
      })
  void bytesThatAreNoUtf8ArePlacedWhereverTheyStand(String hex) throws IOException {
    byte[] foreign = HexFormat.of().parseHex(hex);
    byte[] whole = POLYGLOT.getBytes(StandardCharsets.UTF_8);

    for (int at = 0; at <= whole.length; at++) {
      if (at < whole.length && (whole[at] & 0xC0) == 0x80) {
        continue; // inside a character, where the foreign bytes may complete another one
      }
      ByteArrayOutputStream broken = new ByteArrayOutputStream();
      broken.write(whole, 0, at);
      broken.write(foreign);
      broken.write(whole, at, whole.length - at);

      PolicyParse parse = parse(broken.toByteArray());

      assertThat(parse.findings())
          .as("%s at byte %d", hex, at)
          .extracting(Finding::code, Finding::location)
          .containsExactly(tuple(FindingCode.ENCODING, placeBehind(whole, at)));
    }
  }

  @Test
  void oneByteOrderMarkMayComeFirstAndNowhereElse() {
    for (int at = 0; at <= POLYGLOT.length(); at++) {
      String marked = POLYGLOT.substring(0, at) + "\uFEFF" + POLYGLOT.substring(at);
      boolean inText =
          JsonTreeReader.read(marked).isPresent(); // inside a string or a comment it is a character

      PolicyParse parse = parse(marked.getBytes(StandardCharsets.UTF_8));

      assertThat(parse.findings().stream().map(Finding::code).anyMatch(FindingCode.SYNTAX::equals))
          .as("mark at %d", at)
          .isEqualTo(at > 0 && !inText);
    }
    assertThat(SampleFiles.found(parse("\uFEFF".getBytes(StandardCharsets.UTF_8))))
        .containsExactly("broken:1:1: error[SYNTAX] at $");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void everyMemberThatIsThereTwiceIsADuplicate(String name, String text) {
    JsonNode root = JsonNode.read(text);
    int objects = root.all().size();

    for (int node = 0; node < objects; node++) {
      int members =
          root.all().get(node).kind == JsonNode.Kind.OBJECT
              ? root.all().get(node).children.size()
              : 0;
      for (int member = 0; member < members; member++) {
        JsonNode copy = root.copy();
        List<JsonNode.Child> children = copy.all().get(node).children;
        JsonNode.Child twice = children.get(member);
        children.add(new JsonNode.Child(twice.name, twice.value.copy()));

        PolicyParse parse = PolicyParser.lenient().parse(copy.write(), "twice");

        assertThat(parse.findings())
            .as("%s with another %s", name, twice.name)
            .anySatisfy(
                finding -> {
                  assertThat(finding.code()).isEqualTo(FindingCode.DUPLICATE);
                  assertThat(finding.path()).contains(twice.name);
                });
        assertThat(parse.database()).isEmpty();
      }
    }
  }
}
