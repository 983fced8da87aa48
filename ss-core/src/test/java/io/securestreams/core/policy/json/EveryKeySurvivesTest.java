package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.StreamType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No key is lost between the text and the database, nor on the way back: whatever it is set to can
 * be told from it.
 */
class EveryKeySurvivesTest {

  /** What no database needs to know. */
  private static final Map<PolicyKey, String> WITHOUT_MEANING =
      Map.of(
          PolicyKey.SCHEMA_VERSION, "only its default is accepted",
          PolicyKey.PLUGINS, "the language has given it up");

  /** Stream types that differ in one member only. The empty text leaves the member out. */
  private record Pair(PolicyKey key, String without, String with, String around) {

    @Override
    public String toString() {
      return key.toString();
    }
  }

  private static final String CERTIFICATES =
      "\"certs\":[{\"c\":\""
          + Certificates.CA
          + "\"},{\"d\":\""
          + Certificates.SERVER
          + "\"},"
          + "{\"k\":\""
          + Certificates.SERVER_KEY
          + "\"}],";

  private static final String POLICY =
      "{\"retry\":[{\"r\":{}}],"
          + CERTIFICATES
          + "\"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"]}],"
          + "\"auth\":[{\"name\":\"q\"}],"
          + "\"s\":[{\"a\":{%s}}]}";

  private static final String H1 = "\"protocol\":\"h1\",\"http_method\":\"GET\",";
  private static final String MQTT = "\"protocol\":\"mqtt\",";
  private static final String SERVER = "\"server\":true,\"port\":1,\"protocol\":\"h1\",";
  private static final String META = "\"metadata\":[{\"m\":\"\"}],";

  /** Members whose text is not free. */
  private static final Map<PolicyKey, String> TEXTS =
      Map.ofEntries(
          Map.entry(PolicyKey.ENDPOINT, "other"),
          Map.entry(PolicyKey.PROTOCOL, "raw"),
          Map.entry(PolicyKey.STREAM_SOCKS5, "u:p@proxy:1080"),
          Map.entry(PolicyKey.STREAM_RETRY, "r"),
          Map.entry(PolicyKey.TLS_TRUST_STORE, "t"),
          Map.entry(PolicyKey.SERVER_CERT, "d"),
          Map.entry(PolicyKey.SERVER_KEY, "k"),
          Map.entry(PolicyKey.CLIENT_TRUST_STORE, "t"),
          Map.entry(PolicyKey.HTTP_METHOD, "PUT"),
          Map.entry(PolicyKey.RIDESHARE, "b"),
          Map.entry(PolicyKey.USE_AUTH, "q"),
          Map.entry(PolicyKey.AWS_REGION, "m"),
          Map.entry(PolicyKey.AWS_SERVICE, "m"));

  private static final Map<PolicyKey, String> LISTS =
      Map.of(
          PolicyKey.METADATA, "[{\"m\":\"x-m:\"}]",
          PolicyKey.HTTP_RESP_MAP, "[{\"404\":1404}]",
          PolicyKey.OPTIONS, "[{\"o\":\"v\"}]");

  /** What else a member needs beside it. */
  private static final Map<PolicyKey, String> COMPANIONS =
      Map.of(
          PolicyKey.MULTIPART_FILENAME, "\"http_multipart_name\":\"n\",",
          PolicyKey.MIME_CONTENT_TYPE, "\"http_multipart_name\":\"n\",",
          PolicyKey.RIDESHARE, "\"http_multipart_name\":\"n\",",
          PolicyKey.MQTT_WILL_MESSAGE, "\"mqtt_will_topic\":\"t\",",
          PolicyKey.MQTT_BIRTH_MESSAGE, "\"mqtt_birth_topic\":\"t\",",
          PolicyKey.AWS_REGION, META,
          PolicyKey.AWS_SERVICE, META);

  static Stream<Pair> streamMembers() {
    return EnumSet.allOf(PolicyKey.class).stream()
        .filter(key -> key.section() == KeySection.STREAM)
        .filter(key -> !WITHOUT_MEANING.containsKey(key))
        .map(EveryKeySurvivesTest::pair);
  }

  private static Pair pair(PolicyKey key) {
    String value =
        switch (key.type()) {
          case TEXT -> "\"" + TEXTS.getOrDefault(key, "x") + "\"";
          case FLAG -> "true";
          case WHOLE -> "" + Math.max(1, key.min());
          case LIST -> LISTS.getOrDefault(key, "[]");
          case ANY -> "null";
        };
    String member = "\"" + key.key() + "\":" + value + ",";
    String protocol =
        key.scope() == KeyScope.MQTT ? MQTT : key.side() == KeySide.SERVER ? SERVER : H1;
    if (key == PolicyKey.PROTOCOL || key == PolicyKey.HTTP_METHOD) {
      return new Pair(
          key,
          H1,
          H1.replace(key == PolicyKey.PROTOCOL ? "h1" : "GET", TEXTS.get(key)),
          "\"endpoint\":\"h\",\"port\":1");
    }
    String address =
        (key == PolicyKey.ENDPOINT ? "" : "\"endpoint\":\"h\",")
            + (key == PolicyKey.PORT || protocol.equals(SERVER) ? "" : "\"port\":2,");
    String around = COMPANIONS.getOrDefault(key, "") + protocol + address + "\"x-end\":0";
    String other =
        switch (key) {
          case ENDPOINT -> "\"endpoint\":\"h\",";
          case PORT -> "\"port\":2,";
          default -> "";
        };
    return new Pair(key, other, member, around);
  }

  private static PolicyDatabase database(String streamType) {
    String rider = "},\"b\":{\"local_sink\":true,\"http_multipart_name\":\"n\"";
    String text = String.format(POLICY, streamType + rider);
    return PolicyParser.lenient().parse(text, "p").orThrow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streamMembers")
  void ofAStreamType(Pair pair) {
    PolicyDatabase without = database(pair.without() + pair.around());
    PolicyDatabase with = database(pair.with() + pair.around());

    assertThat(with).isNotEqualTo(without);
    assertThat(with.streamType("a").orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("blockers")
        .isNotEqualTo(without.streamType("a").orElseThrow());
    assertThat(writtenAndRead(with)).isEqualTo(with);
    assertThat(writtenAndRead(without)).isEqualTo(without);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streamMembers")
  void anOverlaySetsIt(Pair pair) {
    PolicyDatabase without = database(pair.without() + pair.around());

    PolicyDatabase overlaid = overlaid(without, pair.with());

    assertThat(overlaid).isEqualTo(database(pair.with() + pair.around()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streamMembers")
  void anOverlayClearsAFlag(Pair pair) {
    if (pair.key().type() != ValueType.FLAG) {
      assertThat(pair.with()).doesNotContain("true,");
      return;
    }
    PolicyDatabase with = database(pair.with() + pair.around());
    StreamType without = database(pair.around()).streamType("a").orElseThrow();

    StreamType cleared =
        overlaid(with, pair.with().replace("true", "false")).streamType("a").orElseThrow();

    assertThat(cleared)
        .usingRecursiveComparison()
        .ignoringFields(pair.key() == PolicyKey.SERVER_SIDE ? "metadata" : "none")
        .isEqualTo(without);
  }

  private static PolicyDatabase overlaid(PolicyDatabase base, String members) {
    String text = "{\"s\":[{\"a\":{" + members + "\"x-end\":0}}]}";
    return PolicyParser.lenient().overlay(base, text, "overlay").orThrow();
  }

  private static final Map<PolicyKey, List<String>> ELSEWHERE =
      Map.ofEntries(
          Map.entry(PolicyKey.RELEASE, List.of("{\"s\":[]}", "{\"release\":\"1\",\"s\":[]}")),
          Map.entry(PolicyKey.PRODUCT, List.of("{\"s\":[]}", "{\"product\":\"1\",\"s\":[]}")),
          Map.entry(
              PolicyKey.VIA_SOCKS5, List.of("{\"s\":[]}", "{\"via-socks5\":\"h:1\",\"s\":[]}")),
          Map.entry(PolicyKey.RETRY_SCHEMES, List.of("{\"s\":[]}", retry(""))),
          Map.entry(
              PolicyKey.CERTS,
              List.of("{\"s\":[]}", "{\"certs\":[{\"c\":\"" + Certificates.CA + "\"}],\"s\":[]}")),
          Map.entry(PolicyKey.TRUST_STORES, List.of(stores("", "c"), stores("t", "c"))),
          Map.entry(PolicyKey.AUTHS, List.of("{\"s\":[]}", auth(""))),
          Map.entry(PolicyKey.METRICS, List.of("{\"s\":[]}", metric(""))),
          Map.entry(
              PolicyKey.STREAM_TYPES,
              List.of("{\"s\":[]}", "{\"s\":[{\"a\":{\"local_sink\":true}}]}")),
          Map.entry(PolicyKey.BACKOFF, List.of(retry(""), retry("\"backoff\":[7]"))),
          Map.entry(PolicyKey.CONCEAL, List.of(retry(""), retry("\"conceal\":7"))),
          Map.entry(PolicyKey.JITTERPC, List.of(retry(""), retry("\"jitterpc\":7"))),
          Map.entry(PolicyKey.SVALIDPING, List.of(retry(""), retry("\"svalidping\":7"))),
          Map.entry(PolicyKey.SVALIDHUP, List.of(retry(""), retry("\"svalidhup\":7"))),
          Map.entry(PolicyKey.STORE_NAME, List.of(stores("t", "c"), stores("u", "c"))),
          Map.entry(PolicyKey.STORE_STACK, List.of(stores("t", "c"), stores("t", "d"))),
          Map.entry(PolicyKey.AUTH_NAME, List.of(auth(""), auth("").replace("q", "w"))),
          Map.entry(PolicyKey.AUTH_TYPE, List.of(auth(""), auth(",\"type\":\"sigv4\""))),
          Map.entry(PolicyKey.AUTH_STREAMTYPE, List.of(auth(""), auth(",\"streamtype\":\"z\""))),
          Map.entry(PolicyKey.AUTH_BLOB, List.of(auth(""), auth(",\"blob\":3"))),
          Map.entry(PolicyKey.METRIC_NAME, List.of(metric(""), metric("").replace("m1", "m2"))),
          Map.entry(PolicyKey.METRIC_SCHEDULE, List.of(metric(""), metric(",\"us_schedule\":7"))),
          Map.entry(PolicyKey.METRIC_HALFLIFE, List.of(metric(""), metric(",\"us_halflife\":7"))),
          Map.entry(PolicyKey.METRIC_OUTLIER, List.of(metric(""), metric(",\"min_outlier\":7"))),
          Map.entry(PolicyKey.METRIC_REPORT, List.of(metric(""), metric(",\"report\":\"n.*\""))));

  private static String retry(String members) {
    return "{\"retry\":[{\"r\":{" + members + "}}],\"s\":[]}";
  }

  private static String stores(String name, String certificate) {
    String store = "{\"name\":\"" + name + "\",\"stack\":[\"" + certificate + "\"]}";
    return "{"
        + CERTIFICATES
        + "\"trust_stores\":["
        + (name.isEmpty() ? "" : store)
        + "],\"s\":[]}";
  }

  private static String auth(String members) {
    return "{\"auth\":[{\"name\":\"q\"" + members + "}],\"s\":[]}";
  }

  private static String metric(String members) {
    return "{\"metrics\":[{\"name\":\"m1\"" + members + "}],\"s\":[]}";
  }

  static Stream<Map.Entry<PolicyKey, List<String>>> otherMembers() {
    return ELSEWHERE.entrySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherMembers")
  void ofTheOtherSections(Map.Entry<PolicyKey, List<String>> texts) {
    List<PolicyDatabase> databases =
        texts.getValue().stream()
            .map(text -> PolicyParser.lenient().parse(text, "p").orThrow())
            .toList();

    assertThat(databases.get(1)).isNotEqualTo(databases.get(0));
    assertThat(databases).allSatisfy(it -> assertThat(writtenAndRead(it)).isEqualTo(it));
  }

  private static PolicyDatabase writtenAndRead(PolicyDatabase database) {
    return PolicyParser.strict().parse(PolicyWriter.write(database), "written").orThrow();
  }

  @Test
  void everyKeyIsAskedFor() {
    Set<PolicyKey> asked = streamMembers().map(Pair::key).collect(Collectors.toSet());
    asked.addAll(ELSEWHERE.keySet());
    asked.addAll(WITHOUT_MEANING.keySet());

    assertThat(asked).containsExactlyInAnyOrder(PolicyKey.values());
  }
}
