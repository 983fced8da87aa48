package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyOverview.Part;
import io.securestreams.core.policy.json.PolicyOverview.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyOverviewTest {

  private static final String STREAM =
      "{\"s\":[{\"a\":{\"endpoint\":\"h\",\"port\":1,\"protocol\":\"%s\",\"http_method\":\"GET\"}}]}";

  private static PolicyDatabase parsed(String text) {
    return PolicyParser.lenient().parse(text, "policy").orThrow();
  }

  private static List<Setting> settings(PolicyOverview overview, String section, String name) {
    return overview.parts().stream()
        .filter(part -> part.section().equals(section) && part.name().equals(name))
        .map(Part::settings)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> keys(List<Setting> settings) {
    return settings.stream().map(Setting::key).toList();
  }

  static Stream<Arguments> samples() {
    return SampleFiles.policies(SampleFiles.SAMPLES).stream()
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void everyDefinitionIsShownInBothForms(String name, Path file) {
    PolicyDatabase database = SampleFiles.parse(file).orThrow();

    PolicyOverview overview = PolicyOverview.of(database);

    int definitions =
        database.retrySchemes().size()
            + database.certificates().size()
            + database.trustStores().size()
            + database.authSchemes().size()
            + database.metricPolicies().size()
            + database.streamTypes().size();
    assertThat(overview.parts()).hasSize(1 + definitions);
    assertThat(overview.parts()).allSatisfy(part -> assertThat(part.settings()).isNotEmpty());
    JsonNode json = JsonNode.read(overview.json());
    assertThat(
            json.children.stream()
                .filter(child -> child.value.kind == JsonNode.Kind.OBJECT)
                .mapToInt(child -> child.value.children.size())
                .sum())
        .isEqualTo(definitions);
  }

  @Test
  void aPrivateKeyAndAPasswordAreHidden() {
    PolicyDatabase database =
        parsed(
            """
            {"via-socks5": "me:hunter2@proxy:1080",
             "certs": [{"cert": "%s"}, {"key": "%s"}],
             "s": [{"a": {"endpoint": "h", "port": 1, "protocol": "ws"}},
                   {"b": {"endpoint": "h", "port": 1, "protocol": "ws",
                          "via-socks5": "you:hunter2@other:1080"}},
                   {"c": {"server": true, "port": 1, "protocol": "ws", "tls": true,
                          "server_cert": "cert", "server_key": "key"}}]}
            """
                .formatted(Certificates.SERVER, Certificates.SERVER_KEY));

    PolicyOverview overview = PolicyOverview.of(database);

    assertThat(settings(overview, "", ""))
        .contains(new Setting("via-socks5", "me:(hidden)@proxy:1080", true));
    assertThat(settings(overview, "s", "a"))
        .contains(new Setting("via-socks5", "me:(hidden)@proxy:1080", true));
    assertThat(settings(overview, "s", "b"))
        .contains(new Setting("via-socks5", "you:(hidden)@other:1080", true));
    assertThat(settings(overview, "certs", "key"))
        .containsExactly(
            new Setting("private_key", "(hidden)", true),
            new Setting("algorithm", "EC", true),
            new Setting("size", "138 bytes", true));
    FuzzCheck secrets = new FuzzCheck(List.of(Certificates.SERVER_KEY));
    secrets.assertHidesSecrets(overview.json());
    secrets.assertHidesSecrets(overview.parts().toString());
    assertThat(overview.json() + overview.parts()).doesNotContain("hunter2");
  }

  @Test
  void aCertificateIsShownByWhatItSays() {
    PolicyOverview overview =
        PolicyOverview.of(parsed("{\"certs\":[{\"ca\":\"" + Certificates.CA + "\"}],\"s\":[]}"));

    List<Setting> facts = settings(overview, "certs", "ca");

    assertThat(keys(facts)).containsExactly("subject", "issuer", "expires", "sha256", "size");
    assertThat(facts)
        .contains(
            new Setting("subject", "CN=ss-test-ca", true),
            new Setting("expires", "2126-10-30T05:37:42Z", true),
            new Setting("size", "388 bytes", true));
    assertThat(facts.get(3).value()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }

  @ParameterizedTest(name = "{0}: {2} is not shown, {1} is")
  @CsvSource({
    "h1, http_url, mqtt_topic",
    "h2, long_poll, ws_binary",
    "ws, ws_binary, http_expect",
    "raw, attr_priority, http_url",
    "mqtt, mqtt_topic, allow_redirects"
  })
  void keysOfOtherProtocolsAreLeftOut(String protocol, String shown, String left) {
    String text = STREAM.formatted(protocol);
    String fitting = protocol.startsWith("h") ? text : text.replace(",\"http_method\":\"GET\"", "");

    List<String> keys = keys(settings(PolicyOverview.of(parsed(fitting)), "s", "a"));

    assertThat(keys).contains(shown).doesNotContain(left, "plugins", "server_key");
  }

  @Test
  void whatIsGivenIsToldFromWhatStandsForTheRest() {
    List<Setting> settings = settings(PolicyOverview.of(parsed(STREAM.formatted("h1"))), "s", "a");

    assertThat(settings)
        .contains(
            new Setting("port", "1", true),
            new Setting("http_url", "/", false),
            new Setting("retry", "", false),
            new Setting("client_buflen", "32768 bytes", false),
            new Setting("tls", "false", false));
  }

  @Test
  void valuesStayOnOneLine() {
    PolicyOverview overview = PolicyOverview.of(parsed("{\"release\":\"a\\nb\\u2028c\",\"s\":[]}"));

    assertThat(settings(overview, "", "").get(0).value()).isEqualTo("a\\u000ab\\u2028c");
  }
}
