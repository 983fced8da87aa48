package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.AttemptRequest.Body;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.WsSettings;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlannerTest {

  private static final AttemptRequest NOTHING = request(Map.of());

  @ParameterizedTest(name = "[{index}] endpoint {0}, tls {1}: {2}")
  @CsvSource({
    "example.test,                     false, http  example.test 8080 /policy",
    "example.test,                     true,  https example.test 8080 /policy",
    "example.test:81,                  false, http  example.test 81   /policy",
    "example.test:81/p?q=1,            true,  https example.test 81   /p?q=1",
    "example.test:81?q=1,              false, http  example.test 81   /?q=1",
    "http://example.test,              true,  http  example.test 80   /policy",
    "ws://example.test/,               true,  http  example.test 80   /",
    "HTTP://example.test:81//a//b,     false, http  example.test 81   /a//b",
    "https://example.test,             true,  https example.test 443  /policy",
    "wss://example.test:444/a,         true,  https example.test 444  /a",
    "mqtt://example.test/a,            true,  http  example.test 8080 /a",
    "other://example.test/a,           true,  https example.test 8080 /a",
    "example.test:/a,                  false, http  example.test 8080 /a",
    "example.test.:81,                 false, http  example.test. 81  /policy",
    "127.0.0.1:18080,                  false, http  127.0.0.1 18080   /policy",
    "::1,                              false, http  ::1 8080          /policy",
    "fe80::1%eth0,                     false, http  fe80::1%eth0 8080 /policy",
    "[::1]:7681,                       false, http  ::1 7681          /policy",
    "https://[2001:db8::1]/a,          true,  https 2001:db8::1 443   /a",
    "example.test:81/x://y,            false, http  example.test 81   /x://y",
  })
  void takesTheEndpointApart(String endpoint, boolean tls, String expected) {
    TypeText text = TypeText.http("GET").endpoint(endpoint).url("policy");

    RequestPlan plan = plan((tls ? text.tls() : text).type(), NOTHING);

    Target target = plan.target();
    assertThat(
            (target.tls().isPresent() ? "https " : "http ")
                + (target.host() + " " + target.port() + " " + plan.path()))
        .isEqualTo(expected.replaceAll(" +", " "));
  }

  @ParameterizedTest(name = "[{index}] endpoint {0}: {1}, {2}")
  @CsvSource({
    "https://example.test,      POLICY, 'set \"tls\" to true'",
    "wss://example.test:81/a,   POLICY, 'set \"tls\" to true'",
    "+,                         PLAN,   names no Unix socket",
    "+@,                        PLAN,   names no Unix socket",
    "'+/run/a\u0000b',          PLAN,   a NUL",
    "file://relative,           PLAN,   file:///absolute/path",
    "file://,                   PLAN,   file:///absolute/path",
    "'file:///a\nb',            PLAN,   a line feed",
    "example.test:0,            PLAN,   outside 1..65535",
    "example.test:65536,        PLAN,   outside 1..65535",
    "example.test:99999999999,  PLAN,   outside 1..65535",
    "example.test:8o,           PLAN,   no number",
    "http://me@example.test,    PLAN,   user name",
    "http:///path,              PLAN,   no host name",
    "':81',                     PLAN,   no host name",
    "x:81:82,                   PLAN,   no number",
    "exam ple.test,             PLAN,   a space in the host name",
    "example.test/path,         PLAN,   '''/'' in the host name'",
    "'exa\r\nmple.test',        PLAN,   a carriage return",
    "'exa\u0000mple.test',      PLAN,   a NUL",
    ".example.test,             PLAN,   empty part",
    "a..b,                      PLAN,   empty part",
    ".,                         PLAN,   empty part",
    "ex\u00e4mple.test,         PLAN,   xn--",
    "[example.test]:81,         PLAN,   no IPv6 address",
    "[::1:81,                   PLAN,   no number",
  })
  void refusesAnEndpointThatNamesNoPeer(String endpoint, FailureKind kind, String says) {
    StreamType type = TypeText.http("GET").endpoint(endpoint).type();

    LinkException failure = failure(type, NOTHING);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("\"demo\"").hasMessageContaining(says);
  }

  @Test
  void refusesHostNamesThatNoResolverTakes() {
    String label = "a".repeat(64);
    for (String host : List.of(label, label + ".test", ("a".repeat(60) + ".").repeat(5) + "test")) {
      assertThat(failure(TypeText.http("GET").endpoint(host).type(), NOTHING))
          .hasMessageContaining("host name");
    }
  }

  @Test
  void wantsAPortFromSomewhere() {
    StreamType type = TypeText.http("GET").port(0).type();

    assertThat(failure(type, NOTHING)).hasMessageContaining("no port");
  }

  @ParameterizedTest(name = "[{index}] \"{0}\" becomes {1}")
  @CsvSource({
    "'',            /",
    "/,             /",
    "//,            /",
    "a/b,           /a/b",
    "/a/b,          /a/b",
    "//a/b,         /a/b",
    "?q=1,          /?q=1",
    "a?b=c%20d#e,   /a?b=c%20d#e",
    "$$a/$,         /$$a/$",
  })
  void startsThePathWithOneSlash(String url, String path) {
    assertThat(plan(TypeText.http("GET").url(url).type(), NOTHING).path()).isEqualTo(path);
    assertThat(plan(TypeText.ws().url(url).type(), NOTHING).path()).isEqualTo(path);
  }

  @Test
  void fillsEndpointAndUrlVerbatim() {
    StreamType type =
        TypeText.http("GET")
            .endpoint("${region}.example.test")
            .url("items/${id}?lang=${lang}")
            .declare("region", "")
            .declare("id", "")
            .declare("lang", "")
            .type();

    RequestPlan plan = plan(type, request(Map.of("region", "uk", "id", "7/8%20")));

    assertThat(plan.target().host()).isEqualTo("uk.example.test");
    assertThat(plan.path()).isEqualTo("/items/7/8%20?lang=");
  }

  @Test
  void aMetadataValueCanBeAWholeUrl() {
    StreamType type =
        TypeText.http("GET").endpoint("${endpoint}").declare("endpoint", "").tls().type();

    RequestPlan plan =
        plan(type, request(Map.of("endpoint", "https://example.test:444/policy.json")));

    assertThat(plan.target()).hasToString("example.test:444");
    assertThat(plan.path()).isEqualTo("/policy.json");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"a b", "a\r\nx: y", "a\nb", "a\u0000", "a\tb", "a\u007fb"})
  void metadataCannotSplitTheRequestLine(String value) {
    StreamType type = TypeText.http("GET").url("items/${id}").declare("id", "").type();

    LinkException failure = failure(type, request(Map.of("id", value)));

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure).hasMessageContaining("items/${id}").hasMessageContaining("[id]");
    assertThat(failure.getMessage()).doesNotContain(value);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"secret\r\nx: y", "secret\nb", "secret\u0000", "secret\u000b"})
  void metadataCannotSplitAHeader(String value) {
    StreamType type = TypeText.http("GET").declare("token", "x-token").type();

    LinkException failure = failure(type, request(Map.of("token", value)));

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure).hasMessageContaining("token").hasMessageContaining("x-token");
    assertThat(failure.getMessage()).doesNotContain("secret");
  }

  @Test
  void metadataCannotMoveTheRequestToAHostWithSpecialCharacters() {
    StreamType type =
        TypeText.http("GET").endpoint("${region}.example.test").declare("region", "").type();

    for (String value : List.of("evil.test/", "evil.test#", "me@evil", "", "\r\n")) {
      assertThat(failure(type, request(Map.of("region", value))).kind())
          .isEqualTo(FailureKind.PLAN);
    }
  }

  @Test
  void sendsHeadersForSetValuesOnlyTheLastDeclaredFirst() {
    StreamType type =
        TypeText.http("GET")
            .declare("id", "")
            .declare("one", "x-one")
            .declare("two", "x-two")
            .declare("three", "x-three")
            .type();

    RequestPlan plan = plan(type, request(Map.of("id", "7", "one", "1 2", "three", "")));

    assertThat(plan.headers())
        .containsExactly(
            new Header("pragma", "no-cache"),
            new Header("cache-control", "no-cache"),
            new Header("origin", "http://example.test:8080"),
            new Header("x-three", ""),
            new Header("x-one", "1 2"));
  }

  @ParameterizedTest(name = "[{index}] {0}: origin {1}")
  @CsvSource({
    "http://example.test,    http://example.test",
    "http://example.test:81, http://example.test:81",
    "https://example.test,   https://example.test",
    "example.test:80,        https://example.test:80",
    "https://[::1]:444,      https://[::1]:444",
    "https://[::1],          https://[::1]",
  })
  void namesItsOrigin(String endpoint, String origin) {
    RequestPlan plan = plan(TypeText.http("GET").endpoint(endpoint).tls().type(), NOTHING);

    assertThat(plan.headers()).contains(new Header("origin", origin));
  }

  @Test
  void metadataWinsOverGeneratedHeaders() {
    StreamType type =
        TypeText.http("GET").declare("cc", "cache-control").declare("from", "origin").type();

    RequestPlan plan = plan(type, request(Map.of("cc", "max-age=1", "from", "null")));

    assertThat(plan.headers())
        .containsExactlyInAnyOrder(
            new Header("pragma", "no-cache"),
            new Header("cache-control", "max-age=1"),
            new Header("origin", "null"));
  }

  @Test
  void neverTakesConnectionHeadersFromMetadata() {
    StreamType type =
        TypeText.http("GET")
            .declare("te", "transfer-encoding")
            .declare("conn", "connection")
            .declare("key", "sec-websocket-key")
            .type();

    RequestPlan plan = plan(type, request(Map.of("te", "chunked", "conn", "close", "key", "k")));

    assertThat(plan.headers()).hasSize(3);
    assertThat(plan.rules().headers()).containsEntry("connection", "conn");
  }

  @Test
  void refusesMetadataThatNamesAnotherHost() {
    StreamType type = TypeText.http("GET").declare("vhost", "host").type();

    assertThat(failure(type, request(Map.of("vhost", "other.test"))))
        .hasMessageContaining("maps to host");
  }

  @Test
  void refusesAHeaderNameThatIsNone() {
    StreamType type = TypeText.http("GET").declare("bad", "x y").type();

    assertThat(failure(type, request(Map.of("bad", "v"))).kind()).isEqualTo(FailureKind.POLICY);
  }

  @Test
  void refusesAnUndeclaredName() {
    StreamType type = TypeText.http("GET").url("${id}").type();

    LinkException failure = failure(type, NOTHING);

    assertThat(failure.kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failure).hasMessageContaining("${id} in http_url");
  }

  @Test
  void givesTheTrustStoreToVerifyThePeerWith() {
    RequestPlan plan = plan(TypeText.http("GET").tls().type(), NOTHING);

    assertThat(plan.target().tls().orElseThrow().trustStore()).contains(TypeText.STORE);
  }

  @Test
  void carriesTheRulesOfAnHttpResponse() {
    StreamType type =
        TypeText.http("GET").answers(204, Map.of(404, 1001)).declare("kind", "content-type").type();

    HttpPlan plan = (HttpPlan) Planner.client(type, NOTHING);

    assertThat(plan.rules())
        .isEqualTo(new ResponseRules(204, Map.of(404, 1001), Map.of("content-type", "kind")));
    assertThat(plan.method()).isEqualTo("GET");
    assertThat(plan.streamType()).isEqualTo("demo");
  }

  @Test
  void plansAWebSocket() {
    StreamType type =
        TypeText.ws()
            .url("feed?channel=${channel}")
            .subprotocol("chat, superchat")
            .answers(204, Map.of(404, 1001))
            .declare("channel", "")
            .declare("token", "authorization")
            .tls()
            .type();

    WsPlan plan =
        (WsPlan) Planner.client(type, request(Map.of("channel", "a", "token", "bearer x")));

    assertThat(plan.path()).isEqualTo("/feed?channel=a");
    assertThat(plan.subprotocol()).contains("chat, superchat");
    assertThat(plan.frames()).isEqualTo(WsSettings.Frames.BINARY);
    assertThat(plan.target().tls()).isPresent();
    assertThat(plan.headers()).contains(new Header("authorization", "bearer x"));
    assertThat(plan.rules())
        .isEqualTo(new ResponseRules(0, Map.of(), Map.of("authorization", "token")));
  }

  @Test
  void givesTheSamePlanAgainWhenNothingVaries() {
    for (TypeText text : List.of(TypeText.http("GET"), TypeText.ws())) {
      Planner planner = Planner.of(text.declare("id", "").declare("token", "x-token").type());

      ClientPlan plan = planner.client(NOTHING);

      assertThat(planner.client(NOTHING)).isSameAs(plan);
      assertThat(planner.client(request(Map.of("id", "7")))).isSameAs(plan);
      assertThat(planner.client(request(Map.of("token", "7")))).isNotEqualTo(plan);
    }
  }

  @Test
  void failsAtEveryAttemptAndNotBefore() {
    Planner planner = Planner.of(TypeText.http("GET").endpoint("a b").type());

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(catchThrowableOfType(LinkException.class, () -> planner.client(NOTHING)))
          .isNotNull();
    }
  }

  @Test
  void speaksHttp2WithoutTlsAsHttp1() {
    StreamType type = TypeText.http("GET").protocol(Protocol.H2).type();

    assertThat(wire(type)).isEqualTo(HttpWire.H1);
  }

  @Test
  void speaksHttp2WithTlsAndWhereTheServerIsKnownToUnderstand() {
    assertThat(wire(TypeText.http("GET").protocol(Protocol.H2).tls().type()))
        .isEqualTo(HttpWire.H2);
    assertThat(
            wire(
                TypeText.http("GET")
                    .protocol(Protocol.H2)
                    .flag(HttpSettings.Flag.PRIOR_KNOWLEDGE)
                    .type()))
        .isEqualTo(HttpWire.H2_PRIOR_KNOWLEDGE);
    assertThat(
            wire(TypeText.http("GET").protocol(Protocol.H2).tls().endpoint("http://h:80").type()))
        .as("the scheme switches TLS off")
        .isEqualTo(HttpWire.H1);
  }

  @Test
  void addsNoHeadersOfTheReferenceToHttp2() {
    StreamType type = TypeText.http("GET").protocol(Protocol.H2).tls().type();

    assertThat(plan(type, NOTHING).headers()).isEmpty();
  }

  private static HttpWire wire(StreamType type) {
    return ((HttpPlan) Planner.client(type, NOTHING)).wire();
  }

  @Test
  void speaksHttp3OverTlsOnlyAndWithoutTheHeadersOfHttp1() {
    StreamType type = TypeText.http("GET").protocol(Protocol.H3).type();

    HttpPlan plan = (HttpPlan) Planner.client(type, NOTHING);

    assertThat(plan.wire()).isEqualTo(HttpWire.H3);
    assertThat(plan.target().tls()).isPresent();
    assertThat(plan.headers()).isEmpty();
  }

  @Test
  void refusesToSpeakHttp3WhereTheSchemeExcludesTls() {
    StreamType type =
        TypeText.http("GET").protocol(Protocol.H3).endpoint("http://example.test").type();

    LinkException failure = failure(type, NOTHING);

    assertThat(failure.kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failure).hasMessageContaining("use https");
  }

  @Test
  void refusesAProtocolItHasNoPlanFor() {
    LinkException failure = failure(TypeText.http("GET").protocol(Protocol.MQTT).type(), NOTHING);

    assertThat(failure.kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failure).hasMessageContaining("mqtt");
  }

  @Test
  void refusesWhatIsNoClientOrHasNoMethod() {
    assertThat(failure(TypeText.server().type(), NOTHING)).hasMessageContaining("is no client");
    assertThat(failure(TypeText.http("GET").noMethod().type(), NOTHING))
        .hasMessageContaining("http_method");
    assertThat(failure(TypeText.http("GET /x HTTP/1.1\r\n").type(), NOTHING))
        .hasMessageContaining("http_method");
    assertThat(failure(TypeText.ws().subprotocol("a\r\nb").type(), NOTHING))
        .hasMessageContaining("ws_subprotocol");
  }

  private static AttemptRequest request(Map<String, String> metadata) {
    return new AttemptRequest(metadata, Body.ABSENT, OptionalLong.empty());
  }

  private static RequestPlan plan(StreamType type, AttemptRequest request) {
    return (RequestPlan) Planner.client(type, request);
  }

  private static LinkException failure(StreamType type, AttemptRequest request) {
    LinkException failure =
        catchThrowableOfType(LinkException.class, () -> Planner.client(type, request));
    assertThat(failure).as("failure of the plan").isNotNull();
    return failure;
  }
}
