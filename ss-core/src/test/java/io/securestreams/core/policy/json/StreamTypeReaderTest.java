package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.BufferSettings;
import io.securestreams.core.policy.DeviceHeaders;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.HttpSettings.ContentLength;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.WsSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the members of a stream type become. */
class StreamTypeReaderTest {

  private static final String CLIENT =
      "\"endpoint\":\"h\",\"port\":80,\"protocol\":\"h1\",\"http_method\":\"GET\"";

  private static PolicyDatabase database(String members, String streamType) {
    String text = "{" + members + "\"s\":[{\"a\":{" + streamType + "}}]}";
    return PolicyParser.lenient().parse(text, "policy").orThrow();
  }

  private static StreamType read(String streamType) {
    return database("\"retry\":[{\"r\":{\"backoff\":[1,2]}}],", streamType)
        .streamType("a")
        .orElseThrow();
  }

  @Test
  void absentKeysHaveTheirDefaults() {
    StreamType type = read(CLIENT);

    assertThat(type)
        .isEqualTo(
            new StreamType(
                "a",
                Side.CLIENT,
                Protocol.H1,
                type.endpoint(),
                80,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                0,
                TlsSettings.NONE,
                IpAttributes.NONE,
                List.of(),
                new HttpSettings(
                    Optional.of("GET"),
                    HttpSettings.NONE.url(),
                    0,
                    Map.of(),
                    ContentLength.SENT_WHEN_KNOWN,
                    Set.of(),
                    DeviceHeaders.NONE,
                    MultipartSettings.NONE),
                AuthSettings.NONE,
                WsSettings.NONE,
                MqttSettings.NONE,
                Map.of(),
                BufferSettings.NONE,
                Optional.empty(),
                List.of()));
  }

  @Test
  void everySupportedKeyOfAClientArrives() {
    StreamType type =
        read(
            "\"endpoint\":\"${host}.test\",\"port\":443,\"protocol\":\"h1\","
                + "\"http_method\":\"PUT\",\"http_url\":\"/${id}?x\",\"http_expect\":201,"
                + "\"http_resp_map\":[{\"401\":4,\"404\":1404},{\"500\":65535}],"
                + "\"http_no_content_length\":true,\"opportunistic\":true,\"urgent_tx\":true,"
                + "\"urgent_rx\":true,\"swake_validity\":true,\"retry\":\"r\","
                + "\"timeout_ms\":4294967295,\"tls\":true,\"payload_fmt\":\"cbor\","
                + "\"metadata\":[{\"host\":\"\",\"id\":\"\"},{\"t\":\"Content-Type:\"}]");

    assertThat(type.endpoint().orElseThrow().text()).isEqualTo("${host}.test");
    assertThat(type.port()).isEqualTo(443);
    assertThat(type.http().method()).contains("PUT");
    assertThat(type.http().url().text()).isEqualTo("/${id}?x");
    assertThat(type.http().expect()).isEqualTo(201);
    assertThat(type.http().responseMap()).isEqualTo(Map.of(401, 4, 404, 1404, 500, 65535));
    assertThat(type.http().contentLength()).isEqualTo(ContentLength.NEVER);
    assertThat(type.strategy())
        .containsExactlyInAnyOrder(
            Strategy.OPPORTUNISTIC, Strategy.URGENT_TX, Strategy.URGENT_RX, Strategy.WAKES_SYSTEM);
    assertThat(type.retry()).contains(new RetryScheme("r", List.of(1L, 2L), 0, 0, 0, 0));
    assertThat(type.timeoutMs()).isEqualTo(4_294_967_295L);
    assertThat(type.tls().orElseThrow().trustStore()).isEmpty();
    assertThat(type.payloadFormat()).contains("cbor");
    assertThat(type.metadata())
        .containsExactly(
            new MetadataDeclaration("host", Optional.empty()),
            new MetadataDeclaration("id", Optional.empty()),
            new MetadataDeclaration("t", Optional.of("content-type")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"h1get,H1,GET", "h1post,H1,POST", "h2get,H2,GET", "h2post,H2,POST"})
  void oldProtocolNamesSayTheMethod(String name, Protocol protocol, String method) {
    StreamType type = read("\"endpoint\":\"h\",\"port\":1,\"protocol\":\"" + name + "\"");

    assertThat(type.protocol()).isEqualTo(protocol);
    assertThat(type.http().method()).contains(method);
    assertThat(type.blockers()).isEmpty();
  }

  @Test
  void aServerHasMethodAndPathWithoutDeclaringThem() {
    StreamType type =
        read(
            "\"server\":true,\"protocol\":\"ws\",\"ws_subprotocol\":\"p\",\"ws_binary\":true,"
                + "\"metadata\":[{\"q\":\"\"}],\"opportunistic\":true,\"retry\":\"r\"");

    assertThat(type.side()).isEqualTo(Side.SERVER);
    assertThat(type.metadata())
        .extracting(MetadataDeclaration::name)
        .containsExactly("q", "method", "path");
    assertThat(type.ws())
        .isEqualTo(
            new WsSettings(Optional.of("p"), WsSettings.Frames.BINARY, WsSettings.Turn.FAIR));
    assertThat(type.strategy()).containsExactly(Strategy.OPPORTUNISTIC);
    assertThat(type.retry()).isPresent();
  }

  @ParameterizedTest(name = "{0} is stopped by {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_auth\":\"q\" | use_auth",
        "\"endpoint\":\"!host\" | endpoint",
        "\"endpoint\":\"+/run/x\" | ''",
        "\"endpoint\":\"file:///x\" | ''",
        "\"protocol\":\"h2\",\"tls\":true | ''",
        "\"protocol\":\"h3\",\"tls\":true | ''",
        "\"protocol\":\"raw\" | ''",
        "\"local_sink\":true | ''",
        "\"protocol\":\"h2\" | ''",
        "\"use_auth\":\"q\",\"protocol\":\"ws\" | ''",
        "\"tls\":true,\"client_cert\":0 | ''",
        "\"via-socks5\":\"h:1080\" | ''",
        "\"http_auth_header\":\"authorization:\",\"http_www_form_urlencoded\":true | ''",
        "\"perf\":true,\"http_cookies\":true,\"attr_priority\":7 | ''",
      })
  void whatIsMissingForSafetyStopsAStreamFromOpening(String given, String blocker) {
    StringBuilder members = new StringBuilder(given);
    for (String member : CLIENT.split(",")) {
      if (!given.contains(member.substring(0, member.indexOf(':')))) {
        members.append(',').append(member);
      }
    }

    PolicyDatabase database = database("\"auth\":[{\"name\":\"q\"}],", members.toString());

    assertThat(String.join(",", database.streamType("a").orElseThrow().blockers()))
        .isEqualTo(blocker);
  }

  @Test
  void theProxyIsItsOwnElseThePolicys() {
    String text =
        "{\"via-socks5\":\"all:1\",\"s\":[{\"inherits\":{"
            + CLIENT
            + "},\"own\":{"
            + CLIENT
            + ",\"via-socks5\":\"own:2\"},\"none\":{"
            + CLIENT
            + ",\"via-socks5\":\"\"},\"server\":{\"server\":true,\"protocol\":\"h1\"}}]}";

    PolicyDatabase database = PolicyParser.lenient().parse(text, "policy").orThrow();

    SocksProxy all = new SocksProxy(Optional.empty(), "all", 1);
    assertThat(database.proxy()).contains(all);
    assertThat(database.streamTypes().values().stream().map(StreamType::proxy))
        .containsExactly(
            Optional.of(all),
            Optional.of(new SocksProxy(Optional.empty(), "own", 2)),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void withoutTlsTheStoreIsKeptButNotInForce() {
    StreamType type = read(CLIENT + ",\"client_cert\":3");

    assertThat(type.tlsSettings().clientCertificate()).hasValue(3);
    assertThat(type.tls()).isEmpty();
    assertThat(read(CLIENT + ",\"tls\":true").tls()).isPresent();
  }

  @Test
  void streamTypesKeepTheOrderOfTheText() {
    String text =
        "{\"s\":[{\"z\":{" + CLIENT + "},\"y\":{" + CLIENT + "}},{\"a\":{" + CLIENT + "}}]}";

    PolicyDatabase database = PolicyParser.lenient().parse(text, "policy").orThrow();

    assertThat(database.streamTypes().keySet()).containsExactly("z", "y", "a");
  }

  @ParameterizedTest(name = "{0} needs a port: {1}")
  @CsvSource({
    "h, true",
    "10.0.0.1, true",
    "::1, true",
    "h:8080, false",
    "[::1]:8080, false",
    "http://h/x, false",
    "wss://h, true",
    "mqtt://h, true",
    "mqtt://h:1883/x, false",
    "${h}, false",
    "+/run/x, false",
  })
  void onlyAnAddressWithoutPortNeedsOne(String endpoint, boolean needed) {
    String text =
        "{\"s\":[{\"a\":{\"metadata\":[{\"h\":\"\"}],\"protocol\":\"h1\",\"http_method\":\"GET\","
            + "\"endpoint\":\""
            + endpoint
            + "\"}}]}";

    boolean refused = PolicyParser.lenient().parse(text, "policy").database().isEmpty();

    assertThat(refused).isEqualTo(needed);
  }
}
