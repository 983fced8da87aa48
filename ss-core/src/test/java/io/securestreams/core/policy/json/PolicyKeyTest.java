package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every key of the table, read from a text: the table is what the reader does. */
class PolicyKeyTest {

  private static final Map<KeySection, String> FRAMES =
      Map.of(
          KeySection.POLICY, "{%s}",
          KeySection.RETRY, "{\"retry\":[{\"d\":{%s}}]}",
          KeySection.TRUST_STORE, "{\"trust_stores\":[{%s}]}",
          KeySection.AUTH, "{\"auth\":[{%s}]}",
          KeySection.METRIC, "{\"metrics\":[{%s}]}",
          KeySection.STREAM, "{\"s\":[{\"a\":{%s}}]}");

  private static final Map<ValueType, List<String>> SAMPLES =
      Map.of(
          ValueType.TEXT, List.of("\"x\""),
          ValueType.FLAG, List.of("true", "false"),
          ValueType.WHOLE, List.of("1"),
          ValueType.LIST, List.of("[]"));

  private static List<String> findings(PolicyKey key, String value) {
    String member = "\"" + key.key() + "\":" + value;
    String text = String.format(FRAMES.get(key.section()), member);
    return PolicyParser.lenient().parse(text, "p").findings().stream()
        .filter(finding -> finding.path().endsWith(lastStep(key)))
        .map(finding -> finding.code().name())
        .toList();
  }

  private static String lastStep(PolicyKey key) {
    return key.section() == KeySection.POLICY && key.key().contains("-")
        ? "$[\"" + key.key() + "\"]"
        : "." + key.key();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void isKnownAndKeepsItsType(PolicyKey key) {
    List<String> wrong =
        Stream.of("\"x\"", "true", "1.5", "null", "{}", "[]", "1")
            .filter(value -> !fits(key, value))
            .toList();

    assertThat(wrong)
        .allSatisfy(value -> assertThat(findings(key, value)).containsOnlyOnce("TYPE"));
    assertThat(SAMPLES.getOrDefault(key.type(), List.of("null", "{}")))
        .allSatisfy(
            value -> assertThat(findings(key, value)).doesNotContain("TYPE", "UNKNOWN_KEY"));
  }

  private static boolean fits(PolicyKey key, String value) {
    return switch (key.type()) {
      case TEXT -> value.startsWith("\"");
      case FLAG -> value.equals("true");
      case WHOLE -> value.equals("1");
      case LIST -> value.equals("[]");
      case ANY -> true;
    };
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void numbersKeepToTheirRange(PolicyKey key) {
    if (key.type() != ValueType.WHOLE) {
      assertThat(key.min()).isEqualTo(key.max()).isZero();
      return;
    }

    String above = key.max() == Long.MAX_VALUE ? "9223372036854775808" : "" + (key.max() + 1);
    assertThat(findings(key, "" + (key.min() - 1))).contains("RANGE");
    assertThat(findings(key, above)).contains("RANGE");
    assertThat(findings(key, "1" + "0".repeat(400))).contains("RANGE");
    assertThat(findings(key, "" + key.min())).doesNotContain("RANGE");
    assertThat(findings(key, "" + key.max())).doesNotContain("RANGE");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"AUTHS", "METRICS", "VIA_SOCKS5", "STREAM_SOCKS5", "CLIENT_CERT"})
  void whatIsNotSupportedYetIsSaidOnce(PolicyKey key) {
    if (key.support() != Support.LATER && key.support() != Support.LATER_BLOCKS) {
      assertThat(key.support()).isIn(Support.YES, Support.SILENT, Support.GONE);
      return;
    }
    String sample = SAMPLES.get(key.type()).get(0);

    List<String> found = findings(key, sample);

    assertThat(found).hasSize(1);
    assertThat(found.get(0)).isIn("IGNORED", "CONFLICT", "UNKNOWN_REF");
  }

  @ParameterizedTest(name = "{0} stands for {1}")
  @CsvSource({
    "client cert, CLIENT_CERT",
    "mqtt qos, MQTT_QOS",
    "http_multipart_content_type, MIME_CONTENT_TYPE",
    "aux, HTTP_URL",
  })
  void spellingsOfTheReadmeAreKnown(String alias, PolicyKey key) {
    assertThat(PolicyKey.ofAlias(KeySection.STREAM, alias)).contains(key);
    assertThat(PolicyKey.ofAlias(KeySection.POLICY, alias)).isEmpty();
    assertThat(PolicyKey.of(KeySection.STREAM, alias)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void isToldInASentence(PolicyKey key) {
    assertThat(KeySentence.of(key)).matches("[A-Z].*\\.").doesNotContain("  ");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void whatStandsForAnAbsentNumberIsAllowed(PolicyKey key) {
    if (key.value() instanceof KeyValue.Whole whole && whole.absent().isPresent()) {
      assertThat(whole.absent().getAsLong()).isBetween(whole.min(), whole.max());
    } else {
      assertThat(key.absent()).isZero();
    }
  }

  @Test
  void theKeysOfASectionKeepTheOrderOfTheTable() {
    assertThat(PolicyKey.in(KeySection.TRUST_STORE))
        .containsExactly(PolicyKey.STORE_NAME, PolicyKey.STORE_STACK);
    assertThat(Arrays.stream(KeySection.values()).flatMap(s -> PolicyKey.in(s).stream()))
        .containsExactly(PolicyKey.values());
  }

  @ParameterizedTest(name = "{0} is {1} and {2}")
  @CsvSource({"h1get, H1, GET", "h1post, H1, POST", "h2get, H2, GET", "h2post, H2, POST"})
  void oldProtocolNamesSayTheMethodToo(String name, Protocol protocol, String method) {
    OldProtocol old = OldProtocol.of(name).orElseThrow();

    assertThat(old.key()).isEqualTo(name);
    assertThat(old.protocol()).isEqualTo(protocol);
    assertThat(old.method()).isEqualTo(method);
    assertThat(OldProtocol.of(protocol.key())).isEmpty();
  }

  @Test
  void noSectionHasAKeyTwice() {
    assertThat(Arrays.stream(PolicyKey.values()).map(key -> key.section() + " " + key.key()))
        .doesNotHaveDuplicates();
    assertThat(PolicyKey.SCHEMA_VERSION.absent()).isEqualTo(1);
    assertThat(PolicyKey.CONCEAL.absent()).isZero();
  }
}
