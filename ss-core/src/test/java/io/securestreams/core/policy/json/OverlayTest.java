package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a text changes of a policy that is loaded already. */
class OverlayTest {

  private static final Path OVERLAY = Path.of("overlays", "behind-a-portal.json");

  private static final String CLIENT =
      "\"endpoint\":\"h\",\"port\":80,\"protocol\":\"h1\",\"http_method\":\"GET\"";

  private final PolicyDatabase base =
      parsed(
          "{\"release\":\"1\",\"product\":\"p\","
              + "\"retry\":[{\"r\":{\"conceal\":1}}],"
              + "\"certs\":[{\"c\":\""
              + Certificates.CA
              + "\"}],\"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"]}],"
              + "\"auth\":[{\"name\":\"q\",\"type\":\"sigv4\"}],\"metrics\":[{\"name\":\"m\"}],"
              + "\"s\":[{\"first\":{\"local_sink\":true},\"a\":{"
              + CLIENT
              + ",\"retry\":\"r\",\"metadata\":[{\"x\":\"x-x:\"},{\"y\":\"\"}],"
              + "\"http_resp_map\":[{\"404\":1404},{\"500\":1500}]},"
              + "\"last\":{"
              + CLIENT
              + "}}]}");

  private static PolicyDatabase parsed(String text) {
    return PolicyParser.lenient().parse(text, "policy").orThrow();
  }

  private static PolicyParse overlay(PolicyDatabase base, String text) {
    return PolicyParser.lenient().overlay(base, text, "overlay");
  }

  private PolicyDatabase overlaid(String text) {
    return overlay(base, text).orThrow();
  }

  private StreamType changed(String members) {
    return overlaid("{\"s\":[{\"a\":{" + members + "}}]}").streamType("a").orElseThrow();
  }

  private static List<FindingCode> codes(PolicyParse parse) {
    return parse.findings().stream().map(Finding::code).toList();
  }

  @Test
  void theSampleChangesThePortalCheckAndNothingElse() {
    PolicyDatabase portal =
        SampleFiles.parse(SampleFiles.SAMPLES.resolve("captive-portal.json")).orThrow();

    PolicyParse parse = SampleFiles.overlay(portal, SampleFiles.SAMPLES.resolve(OVERLAY));

    assertThat(parse.findings()).isEmpty();
    StreamType changed = parse.orThrow().streamType("captive_portal_detect").orElseThrow();
    assertThat(changed.endpoint().orElseThrow().text()).isEqualTo("google.com");
    assertThat(changed.http().url().text()).isEqualTo("/");
    assertThat(changed.http().flags()).containsExactly(HttpSettings.Flag.FAIL_REDIRECT);
    assertThat(changed.http().expect()).isEqualTo(204);
    assertThat(changed.port()).isEqualTo(80);
    assertThat(parse.orThrow().streamType("local_log")).isEqualTo(portal.streamType("local_log"));
  }

  @Test
  void membersGivenReplaceAndOthersStay() {
    StreamType before = base.streamType("a").orElseThrow();

    StreamType after = changed("\"port\":81,\"timeout_ms\":5");

    assertThat(after.port()).isEqualTo(81);
    assertThat(after.timeoutMs()).isEqualTo(5);
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("port", "timeoutMs")
        .isEqualTo(before);
  }

  @Test
  void streamTypesKeepTheirOrderAndNewOnesComeLast() {
    String text = "{\"s\":[{\"new\":{" + CLIENT + "}},{\"a\":{\"port\":1}}]}";

    assertThat(overlaid(text).streamTypes().keySet()).containsExactly("first", "a", "last", "new");
  }

  @Test
  void theBeginningOfANameIsAnotherName() {
    PolicyParse parse = overlay(base, "{\"s\":[{\"las\":{" + CLIENT + "}}]}");

    assertThat(codes(parse)).containsExactly(FindingCode.SUSPICIOUS);
    assertThat(parse.findings().get(0).message()).contains("did you mean 'last'");
    assertThat(parse.orThrow().streamTypes().keySet()).containsExactly("first", "a", "last", "las");
    assertThat(parse.orThrow().streamType("last")).isEqualTo(base.streamType("last"));
  }

  @Test
  void metadataIsMergedByName() {
    StreamType after = changed("\"metadata\":[{\"z\":\"x-z:\",\"x\":\"x-w:\"}]");

    assertThat(after.metadata())
        .containsExactly(
            new MetadataDeclaration("x", Optional.of("x-w")),
            new MetadataDeclaration("y", Optional.empty()),
            new MetadataDeclaration("z", Optional.of("x-z")));
  }

  @Test
  void theHeaderOfAReplacedDeclarationIsFree() {
    PolicyParse parse =
        overlay(base, "{\"s\":[{\"a\":{\"metadata\":[{\"y\":\"x-x:\"},{\"x\":\"\"}]}}]}");

    assertThat(parse.findings()).isEmpty();
    assertThat(parse.orThrow().streamType("a").orElseThrow().metadata())
        .containsExactly(
            new MetadataDeclaration("x", Optional.empty()),
            new MetadataDeclaration("y", Optional.of("x-x")));
  }

  @Test
  void inheritedDeclarationsCountToo() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < Limits.DECLARATIONS - 2; i++) {
      many.put("m" + i, "");
    }
    String full =
        many.keySet().stream().map(n -> "{\"" + n + "\":\"\"},").reduce("", String::concat);

    assertThat(changed("\"metadata\":[" + full + "{\"x\":\"\"}]").metadata()).hasSize(255);
    PolicyParse parse =
        overlay(base, "{\"s\":[{\"a\":{\"metadata\":[" + full + "{\"w\":\"\"}]}}]}");
    assertThat(codes(parse)).containsExactly(FindingCode.LIMIT);
  }

  @Test
  void otherArraysAreReplacedAsAWhole() {
    assertThat(changed("\"http_resp_map\":[{\"503\":1503}]").http().responseMap())
        .isEqualTo(Map.of(503, 1503));
    assertThat(changed("\"http_resp_map\":[]").http().responseMap()).isEmpty();
    assertThat(changed("\"port\":1").http().responseMap()).hasSize(2);
  }

  @Test
  void anOldProtocolNameReplacesTheMethodToo() {
    StreamType after = changed("\"protocol\":\"h1post\"");

    assertThat(after.http().method()).contains("POST");
    assertThat(codes(overlay(base, "{\"s\":[{\"a\":{\"protocol\":\"h1post\"}}]}")))
        .containsExactly(FindingCode.ALIAS);
  }

  @Test
  void referencesAreResolvedInTheOverlayThenInThePolicy() {
    PolicyDatabase after =
        overlaid(
            "{\"retry\":[{\"own\":{\"conceal\":9}}],"
                + "\"certs\":[{\"d\":\""
                + Certificates.SERVER
                + "\"}],\"trust_stores\":[{\"name\":\"u\",\"stack\":[\"d\",\"c\"]}],"
                + "\"auth\":[{\"name\":\"w\",\"streamtype\":\"last\"}],"
                + "\"metrics\":[{\"name\":\"n\"}],"
                + "\"s\":[{\"a\":{\"retry\":\"own\",\"use_auth\":\"w\"},"
                + "\"last\":{\"tls\":true,\"tls_trust_store\":\"u\",\"retry\":\"r\"},"
                + "\"b\":{"
                + CLIENT
                + ",\"tls\":true,\"tls_trust_store\":\"t\"}}]}");

    assertThat(after.streamType("a").orElseThrow().retry())
        .contains(new RetryScheme("own", List.of(), 9, 0, 0, 0));
    StreamType last = after.streamType("last").orElseThrow();
    assertThat(last.retry()).isEqualTo(Optional.ofNullable(base.retrySchemes().get("r")));
    assertThat(last.tls().orElseThrow().trustStore().orElseThrow().stack())
        .containsExactly(after.certificates().get("d"), after.certificates().get("c"));
    assertThat(after.streamType("b").orElseThrow().tls().orElseThrow().trustStore())
        .isEqualTo(Optional.ofNullable(base.trustStores().get("t")));
    assertThat(after.retrySchemes().keySet()).containsExactly("r", "own");
    assertThat(after.certificates().keySet()).containsExactly("c", "d");
    assertThat(after.trustStores().keySet()).containsExactly("t", "u");
    assertThat(after.authSchemes().keySet()).containsExactly("q", "w");
    assertThat(after.metricPolicies().keySet()).containsExactly("m", "n");
  }

  @Test
  void nothingThatThePolicyDefinesCanBeDefinedAgain() {
    String text =
        "{\"retry\":[{\"r\":{}}],\"certs\":[{\"c\":\""
            + Certificates.CA
            + "\"}],\"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"]}],"
            + "\"auth\":[{\"name\":\"q\"}],\"metrics\":[{\"name\":\"m\"}]}";

    PolicyParse parse = overlay(base, text);

    assertThat(parse.database()).isEmpty();
    assertThat(parse.findings())
        .filteredOn(finding -> finding.code() == FindingCode.DUPLICATE)
        .extracting(Finding::path)
        .containsExactly(
            "$.retry[0].r",
            "$.certs[0].c",
            "$.trust_stores[0].name",
            "$.auth[0].name",
            "$.metrics[0].name");
  }

  @Test
  void anInheritedKeyThatBecomesWrongIsNamedAtTheStreamType() {
    PolicyParse parse = overlay(base, "{\"s\":[\n {\"a\":{\"protocol\":\"mqtt\"}}]}");

    assertThat(parse.database()).isEmpty();
    assertThat(parse.findings())
        .filteredOn(Finding::isError)
        .allSatisfy(
            finding -> {
              assertThat(finding.path()).isEqualTo("$.s[0].a");
              assertThat(finding.location().line()).isEqualTo(2);
              assertThat(finding.location().column()).isEqualTo(3);
            })
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "inherited 'http_method': does not apply to mqtt",
            "inherited 'http_resp_map': does not apply to mqtt");
  }

  @Test
  void aPathThatNobodyWroteIsNotInTheWay() {
    PolicyDatabase ws =
        parsed("{\"s\":[{\"a\":{\"endpoint\":\"h\",\"port\":1,\"protocol\":\"ws\"}}]}");

    PolicyParse parse =
        overlay(ws, "{\"s\":[{\"a\":{\"protocol\":\"mqtt\",\"mqtt_topic\":\"t\"}}]}");

    assertThat(parse.findings()).noneMatch(Finding::isError);
  }

  @Test
  void whatIsSaidOfThePolicyIsNotRepeated() {
    PolicyParse policy =
        PolicyParser.lenient()
            .parse("{\"s\":[{\"a\":{" + CLIENT + ",\"zzz\":true,\"nailed_up\":true}}]}", "p");
    assertThat(policy.findings()).hasSize(2);

    PolicyParse parse = overlay(policy.orThrow(), "{\"s\":[{\"a\":{\"port\":81}}]}");
    PolicyParse other = overlay(policy.orThrow(), "{\"s\":[{\"a\":{\"opportunistic\":true}}]}");

    assertThat(parse.findings()).isEmpty();
    assertThat(other.findings())
        .extracting(Finding::message)
        .containsExactly(
            "inherited 'nailed_up': will not reconnect after a drop, because 'opportunistic' is"
                + " true");
  }

  @Test
  void aStreamTypeThatIsNotNamedButMadeWrongIsNamedInTheMessage() {
    PolicyDatabase riders =
        parsed(
            "{\"s\":[{\"a\":{"
                + CLIENT.replace("GET", "POST")
                + ",\"http_multipart_name\":\"n\",\"rideshare\":\"b\"},"
                + "\"b\":{\"protocol\":\"h1\",\"http_multipart_name\":\"m\"},"
                + "\"c\":{\"protocol\":\"h1\",\"http_multipart_name\":\"m\",\"local_sink\":true}}]}");

    PolicyParse parse = overlay(riders, "{\"s\":[{\"a\":{\"rideshare\":\"c\"}}]}");

    assertThat(parse.findings())
        .filteredOn(Finding::isError)
        .extracting(Finding::path, Finding::code, Finding::message)
        .contains(
            tuple(
                "$",
                FindingCode.MISSING,
                "streamtype 'b': 'endpoint' is required for a client stream"));
  }

  @Test
  void aServerOfAnotherStreamTypeKeepsItsPort() {
    PolicyDatabase servers =
        parsed(
            "{\"s\":[{\"a\":{\"server\":true,\"protocol\":\"h1\",\"port\":1},"
                + "\"b\":{\"server\":true,\"protocol\":\"h1\",\"port\":2}}]}");

    PolicyParse parse = overlay(servers, "{\"s\":[{\"a\":{\"port\":2}}]}");
    PolicyParse swapped = overlay(servers, "{\"s\":[{\"a\":{\"port\":2},\"b\":{\"port\":1}}]}");

    assertThat(parse.findings())
        .extracting(Finding::path, Finding::code)
        .containsExactly(tuple("$.s[0].a.port", FindingCode.CONFLICT));
    assertThat(swapped.findings()).isEmpty();
  }

  @Test
  void overlaysAreAppliedOneAfterTheOther() {
    PolicyDatabase first = overlaid("{\"s\":[{\"a\":{\"port\":1,\"timeout_ms\":1}}]}");
    PolicyDatabase second = overlay(first, "{\"s\":[{\"a\":{\"port\":2}}]}").orThrow();

    assertThat(second.streamType("a").orElseThrow().port()).isEqualTo(2);
    assertThat(second.streamType("a").orElseThrow().timeoutMs()).isEqualTo(1);
  }

  @Test
  void releaseProductAndProxyAreTakenIfGiven() {
    PolicyDatabase after = overlaid("{\"release\":\"2\",\"via-socks5\":\"s:1\"}");

    SocksProxy proxy = new SocksProxy(Optional.empty(), "s", 1);
    assertThat(after.release()).contains("2");
    assertThat(after.product()).contains("p");
    assertThat(after.proxy()).contains(proxy);
    assertThat(after.streamType("a").orElseThrow().proxy()).contains(proxy);
    assertThat(after.streamType("first").orElseThrow().proxy()).isEmpty();
  }

  @Test
  void aProxyOfItsOwnStays() {
    PolicyDatabase own = overlaid("{\"s\":[{\"a\":{\"via-socks5\":\"own:1\"}}]}");
    PolicyDatabase all = overlay(own, "{\"via-socks5\":\"all:1\"}").orThrow();
    PolicyDatabase none = overlay(all, "{\"s\":[{\"last\":{\"via-socks5\":\"\"}}]}").orThrow();

    assertThat(none.streamType("a").orElseThrow().proxy().orElseThrow().host()).isEqualTo("own");
    assertThat(all.streamType("last").orElseThrow().proxy().orElseThrow().host()).isEqualTo("all");
    assertThat(none.streamType("last").orElseThrow().proxy()).isEmpty();
  }

  @Test
  void anEmptyOverlayChangesNothing() {
    PolicyParse parse = overlay(base, "{}");

    assertThat(parse.orThrow()).isEqualTo(base);
    assertThat(parse.findings()).isEmpty();
  }

  @Test
  void strictRefusesUnknownKeysOfAnOverlay() {
    String text = "{\"s\":[{\"a\":{\"tsl\":true}}]}";

    assertThat(overlay(base, text).orThrow()).isEqualTo(base);
    assertThat(PolicyParser.strict().overlay(base, text, "o").database()).isEmpty();
  }

  @Test
  void aFileAndAStreamAreReadAlike() {
    PolicyDatabase portal =
        SampleFiles.parse(SampleFiles.SAMPLES.resolve("captive-portal.json")).orThrow();
    Path file = SampleFiles.SAMPLES.resolve(OVERLAY);
    byte[] bad = "{\"s\":1}".getBytes(StandardCharsets.UTF_8);

    assertThat(PolicyParser.lenient().overlay(portal, file).orThrow())
        .isEqualTo(SampleFiles.overlay(portal, file).orThrow())
        .isNotEqualTo(portal);
    assertThat(
            PolicyParser.lenient()
                .overlay(portal, new ByteArrayInputStream(bad), "label")
                .findings()
                .get(0)
                .location()
                .source())
        .isEqualTo("label");
    assertThatThrownBy(() -> PolicyParser.lenient().overlay(portal, Path.of("missing.json")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing.json");
  }

  static Stream<Arguments> policiesThatLoad() {
    List<Path> files = new ArrayList<>(SampleFiles.policies(SampleFiles.SAMPLES));
    files.addAll(SampleFiles.policies(SampleFiles.SAMPLES.resolve("invalid")));
    return files.stream()
        .filter(file -> SampleFiles.parse(file).database().isPresent())
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policiesThatLoad")
  void theStreamTypesOfThePolicyItselfChangeNothing(String name, Path file) {
    PolicyDatabase policy = SampleFiles.parse(file).orThrow();
    JsonValue.Obj whole = PolicyTree.of(policy);
    List<JsonValue.Member> streams =
        whole.members().stream().filter(member -> member.name().equals("s")).toList();

    String text = JsonTreeWriter.write(new JsonValue.Obj(0, streams));

    assertThat(overlay(policy, text).orThrow()).isEqualTo(policy);
    assertThat(overlay(policy, "{}").orThrow()).isEqualTo(policy);
    assertThat(overlay(policy, "{}").findings()).isEmpty();
  }
}
