package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Location;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.error.Severity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyParserTest {

  private static final String STREAM =
      "{\"endpoint\":\"h\",\"port\":80,\"protocol\":\"h1\",\"http_method\":\"GET\"}";
  private static final String GOOD = "{\"s\":[{\"a\":" + STREAM + "}]}";

  private static PolicyParse parse(String text) {
    return PolicyParser.lenient().parse(text, "policy");
  }

  private static PolicyParse parse(byte[] bytes) {
    return PolicyParser.lenient().parse(new ByteArrayInputStream(bytes), "policy");
  }

  private static List<String> shown(PolicyParse parse) {
    return SampleFiles.found(parse);
  }

  @Test
  void readsATextAStreamAndAFileAlike(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("p.json"), GOOD);

    PolicyParse fromText = parse(GOOD);
    PolicyParse fromStream = parse(GOOD.getBytes(StandardCharsets.UTF_8));
    PolicyParse fromFile = PolicyParser.lenient().parse(file);

    assertThat(fromText.orThrow()).isEqualTo(fromStream.orThrow()).isEqualTo(fromFile.orThrow());
    assertThat(fromText.findings()).isEmpty();
  }

  @Test
  void theSourceOfFindingsIsTheFileAsGiven(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("p.json"), "{\n  \"t\": 1, \"s\": [] }");

    PolicyParse parse = PolicyParser.lenient().parse(file);

    assertThat(parse.findings())
        .extracting(Finding::location)
        .containsExactly(new Location(file.toString(), 2, 3));
  }

  @Test
  void aFileThatCannotBeReadIsNamed(@TempDir Path directory) {
    Path missing = directory.resolve("missing.json");

    assertThatThrownBy(() -> PolicyParser.lenient().parse(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing.json");
  }

  @Test
  void aStreamThatFailsIsNamed() throws IOException {
    InputStream failing = InputStream.nullInputStream();
    failing.close();

    assertThatThrownBy(() -> PolicyParser.lenient().parse(failing, "remote"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("remote");
  }

  @Test
  void errorsAreThrownTogetherAndWarningsAreNot() {
    PolicyParse bad = parse("{\"s\":[{\"a\":{\"port\":-1,\"tls\":0,\"tsl\":1}}]}");
    PolicyParse odd = parse("{\"s\":[],\"t\":1}");

    assertThatThrownBy(bad::orThrow)
        .isInstanceOfSatisfying(
            PolicyException.class, e -> assertThat(e.findings()).isEqualTo(bad.findings()))
        .hasMessageContaining("policy:1:20: error[RANGE] at $.s[0].a.port: ")
        .hasMessageContaining("warning[UNKNOWN_KEY]");
    assertThat(odd.orThrow().streamTypes()).isEmpty();
    assertThat(odd.findings()).extracting(Finding::code).containsExactly(FindingCode.UNKNOWN_KEY);
  }

  @Test
  void strictReadingRefusesUnknownKeysAndNothingElse() {
    String text = "{\"s\":[{\"a\":" + STREAM.replace("{", "{\"tsl\":1,\"plugins\":0,") + "}]}";

    PolicyParse parse = PolicyParser.strict().parse(text, "policy");

    assertThat(parse.database()).isEmpty();
    assertThat(parse.findings())
        .extracting(Finding::severity, Finding::code)
        .containsExactly(
            tuple(Severity.ERROR, FindingCode.UNKNOWN_KEY),
            tuple(Severity.WARNING, FindingCode.DEPRECATED));
    assertThat(PolicyParser.strict().parse(GOOD, "policy").findings()).isEmpty();
  }

  @Test
  void aByteOrderMarkAndBlanksMayComeFirst() {
    byte[] marked = ("\uFEFF \n\t" + GOOD.replace("80", "-1")).getBytes(StandardCharsets.UTF_8);

    assertThat(shown(parse(marked))).containsExactly("policy:2:36: error[RANGE] at $.s[0].a.port");
    assertThat(parse("\uFEFF" + GOOD).findings()).isEmpty();
    assertThat(shown(parse("\uFEFF\uFEFF{}"))).containsExactly("policy:1:1: error[SYNTAX] at $");
  }

  @Test
  void everyKindOfLineEndCounts() {
    for (String end : List.of("\n", "\r", "\r\n")) {
      String text = "{ # one" + end + "# two" + end + " \"s\": 1 }";

      assertThat(shown(parse(text))).containsExactly("policy:3:7: error[TYPE] at $.s");
    }
  }

  @Test
  void columnsCountCodePointsBehindTheBasicPlane() {
    String text = "{ \"\uD83D\uDE00\": 0, \"s\": 1 }";

    assertThat(shown(parse(text)))
        .containsExactly(
            "policy:1:3: warning[UNKNOWN_KEY] at $[\"\uD83D\uDE00\"]",
            "policy:1:16: error[TYPE] at $.s");
  }

  @Test
  void bytesThatAreNotUtf8ArePlaced() {
    byte[] text = "{\n \"s\": \"?\" }".getBytes(StandardCharsets.UTF_8);
    text[9] = (byte) 0xC3;

    assertThat(shown(parse(text))).containsExactly("policy:2:8: error[ENCODING] at $");
    assertThat(shown(parse(Arrays.copyOf("{\"\u20AC".getBytes(StandardCharsets.UTF_8), 4))))
        .containsExactly("policy:1:3: error[ENCODING] at $");
    assertThat(shown(parse(new byte[] {(byte) 0xFE, (byte) 0xFF})))
        .containsExactly("policy:1:1: error[ENCODING] at $");
  }

  @Test
  void surrogatePairsInEscapesAreCombined() {
    String text = "{\"release\":\"\\ud83d\\ude00\",\"s\":[]}";

    assertThat(parse(text).orThrow().release()).contains("\uD83D\uDE00");
  }

  @Test
  void nestsSixtyFourLevelsAndNotOneMore() {
    String deepest = "{\"x\":" + "[".repeat(63) + "]".repeat(63) + ",\"s\":[]}";
    String deeper = "{\"x\":" + "[".repeat(64) + "]".repeat(64) + ",\"s\":[]}";

    assertThat(shown(parse(deepest))).containsExactly("policy:1:2: warning[UNKNOWN_KEY] at $.x");
    assertThat(shown(parse(deeper)))
        .containsExactly("policy:1:69: error[SYNTAX] at $.x" + "[0]".repeat(63));
  }

  @Test
  void aTextHolds4096CharactersAndNotOneMore() {
    String longest = "\uD83D\uDE00".repeat(4096);

    assertThat(parse("{\"release\":\"" + longest + "\",\"s\":[]}").findings()).isEmpty();
    assertThat(shown(parse("{\"release\":\"" + longest + "x\",\"s\":[]}")))
        .containsExactly("policy:1:12: error[LIMIT] at $.release");
  }

  @Test
  void aNameHolds127CharactersAndNotOneMore() {
    String longest = "n".repeat(127);

    assertThat(parse("{\"s\":[{\"" + longest + "\":" + STREAM + "}]}").findings()).isEmpty();
    assertThat(shown(parse("{\"s\":[{\"" + longest + "n\":" + STREAM + "}]}")))
        .containsExactly("policy:1:8: error[LIMIT] at $.s[0]." + longest + "n");
  }

  @Test
  void stopsAfterAHundredErrors() {
    String hundred = ("{\"retry\":[" + "0,".repeat(100) + "{}],\"s\":[]}");
    String more = ("{\"retry\":[" + "0,".repeat(150) + "{}],\"s\":[0]}");

    assertThat(parse(hundred).findings()).hasSize(100);
    assertThat(shown(parse(more)))
        .hasSize(101)
        .endsWith("policy:1:211: error[LIMIT] at $.retry[100]")
        .noneMatch(line -> line.contains("$.s"));
  }

  @Test
  void keepsAHundredWarningsAndStillSeesErrors() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 150; i++) {
      text.append("\"k").append(i).append("k\":0,");
    }
    PolicyParse odd = parse(text + "\"s\":[]}");
    PolicyParse bad = parse(text + "\"s\":0}");

    assertThat(odd.findings()).hasSize(101);
    assertThat(odd.findings().get(100).code()).isEqualTo(FindingCode.SUSPICIOUS);
    assertThat(odd.database()).isPresent();
    assertThat(bad.database()).isEmpty();
    assertThat(bad.findings()).anyMatch(Finding::isError);
  }

  @Test
  void tooManyValuesAndTooMuchTextAreRefused() {
    String many = "{\"s\":[" + "0,".repeat(300_000) + "0]}";
    byte[] much = new byte[16 * 1024 * 1024 + 1];
    Arrays.fill(much, (byte) ' ');

    assertThat(shown(parse(many))).containsExactly("policy:1:1: error[LIMIT] at $");
    assertThat(shown(parse(much))).containsExactly("policy:1:1: error[LIMIT] at $");
    assertThat(shown(parse(Arrays.copyOf(much, much.length - 1))))
        .containsExactly("policy:1:16777217: error[SYNTAX] at $");
    assertThat(shown(parse(" ".repeat(much.length))))
        .containsExactly("policy:1:1: error[LIMIT] at $");
  }

  @Test
  void certificatesHold65536BytesAndNotOneMore() {
    String largest = Base64.getEncoder().encodeToString(new byte[65_536]);
    String larger = Base64.getEncoder().encodeToString(new byte[65_537]);

    assertThat(shown(parse("{\"certs\":[{\"c\":\"" + largest + "\"}],\"s\":[]}")))
        .containsExactly("policy:1:16: error[ENCODING] at $.certs[0].c");
    assertThat(shown(parse("{\"certs\":[{\"c\":\"" + larger + "\"}],\"s\":[]}")))
        .containsExactly("policy:1:16: error[LIMIT] at $.certs[0].c");
    assertThat(shown(parse("{\"certs\":[{\"c\":\"" + " ".repeat(300_000) + "\"}],\"s\":[]}")))
        .containsExactly("policy:1:16: error[LIMIT] at $.certs[0].c");
  }

  @Test
  void aStreamTypeDeclares255NamesAndNotOneMore() {
    StringBuilder names = new StringBuilder("\"n0\":\"\"");
    for (int i = 1; i < 255; i++) {
      names.append(",\"n").append(i).append("\":\"\"");
    }
    String stream = STREAM.replace("}", ",\"metadata\":[{" + names + "}%s]}");

    assertThat(parse("{\"s\":[{\"a\":" + stream.formatted("") + "}]}").findings()).isEmpty();
    assertThat(
            parse("{\"s\":[{\"a\":" + stream.formatted(",{\"x\":\"\",\"y\":\"\"}") + "}]}")
                .findings())
        .extracting(Finding::code, Finding::path)
        .containsExactly(tuple(FindingCode.LIMIT, "$.s[0].a.metadata[1].x"));
  }

  @Test
  void namesWithControlCharactersStayOnOneLine() {
    PolicyParse parse =
        parse(
            "{\"s\":[{\"a\\n\\u0085\\u2028\\\"b\":"
                + STREAM.replace("}", ",\"retry\":\"\\n\"}]}}"));

    assertThat(parse.findings())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.toString()).doesNotContainPattern("\\R"));
  }

  @Test
  void secretsAreNeverQuoted() {
    String text =
        "{\"via-socks5\":\"user:hunter2@host\",\"certs\":[{\"k\":\"hunter2*\"},{\"l\":\"hunter2\"}],"
            + "\"s\":[{\"a\":{\"via-socks5\":\"user:hunter2@host\",\"port\":\"hunter2\","
            + "\"http_auth_preamble\":[\"hunter2\"],\"protocol\":\"hunter2\"}}]}";

    PolicyParse parse = parse(text);

    assertThat(parse.findings())
        .hasSizeGreaterThan(5)
        .noneMatch(finding -> finding.toString().contains("hunter2"));
  }
}
