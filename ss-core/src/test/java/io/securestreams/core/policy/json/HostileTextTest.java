package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Megabytes of garbage: a finding, and no more memory than that. */
class HostileTextTest {

  private static final int LARGEST = 16 * 1024 * 1024;

  @Test
  void fiftyMegabytesOfAnythingAreTooLarge() throws IOException, InterruptedException {
    List<String> lines = readInSmallHeap("-Xmx96m", 50_000_000);

    assertThat(lines)
        .containsExactlyElementsOf(
            Arrays.stream(HostileText.values())
                .map(text -> text + " 1 hostile:1:1: error[LIMIT] at $: larger than 16777216 bytes")
                .toList());
  }

  @Test
  void theLargestTextsEndWithAFindingToo() throws IOException, InterruptedException {
    List<String> lines = readInSmallHeap("-Xmx384m", LARGEST);

    assertThat(lines.stream().map(HostileTextTest::withoutSentence))
        .containsExactly(
            "RANDOM_BYTES 1 hostile:1:2: error[ENCODING] at $",
            "OPEN_ARRAYS 1 hostile:1:1: error[SYNTAX] at $",
            "OPEN_OBJECTS 1 hostile:1:321: error[SYNTAX] at $" + ".a".repeat(64),
            "OPEN_ARRAYS_IN_A_POLICY 1 hostile:1:69: error[SYNTAX] at $.s" + "[0]".repeat(63),
            "STRING_WITHOUT_END 1 hostile:1:16777217: error[SYNTAX] at $.release",
            "STRING 1 hostile:1:12: error[LIMIT] at $.release",
            "WIDE_STRING 1 hostile:1:12: error[LIMIT] at $.release",
            "STRING_OF_ESCAPES 1 hostile:1:12: error[LIMIT] at $.release",
            "UNKNOWN_STRING 1 hostile:1:9: warning[UNKNOWN_KEY] at $.t",
            "NUMBER_WITHOUT_END 1 hostile:1:16777217: error[SYNTAX] at $",
            "NUMBER 1 hostile:1:19: error[RANGE] at $[\"schema-version\"]",
            "FRACTION 1 hostile:1:19: error[TYPE] at $[\"schema-version\"]",
            "MEMBERS 1 hostile:1:1: error[LIMIT] at $",
            "UNKNOWN_MEMBERS 1 hostile:1:1: error[LIMIT] at $",
            "NAME 8 hostile:1:8: error[LIMIT] at $.s[0][\"" + "n".repeat(256) + "\u2026\"]",
            "ITEMS 1 hostile:1:1: error[LIMIT] at $",
            "EMPTY_OBJECTS 1 hostile:1:1: error[LIMIT] at $",
            "BLANKS 1 hostile:1:16777215: error[TYPE] at $.s",
            "LINES 1 hostile:16777210:5: error[TYPE] at $.s",
            "COMMENT 1 hostile:2:5: error[TYPE] at $.s",
            "CERTIFICATE 1 hostile:1:16: error[LIMIT] at $.certs[0].c");
    assertThat(lines).allMatch(line -> line.length() < 700);
  }

  @Test
  void aTextThatIsAStringAlreadyIsTooLarge() {
    PolicyParse parse = PolicyParser.lenient().parse("[".repeat(LARGEST + 1), "policy");

    assertThat(SampleFiles.found(parse)).containsExactly("policy:1:1: error[LIMIT] at $");
  }

  /** What a process of so little memory prints about each text; nothing may go wrong in it. */
  private static List<String> readInSmallHeap(String heap, int bytes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                HostileText.class.getName(),
                String.valueOf(bytes))
            .redirectErrorStream(true)
            .start();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    process.getInputStream().transferTo(output);
    String text = output.toString(StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines().toList();
  }

  private static String withoutSentence(String line) {
    return Pattern.compile("(\\] at [^:]+): .*").matcher(line).replaceFirst("$1");
  }
}
