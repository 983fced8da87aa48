package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Severity;
import io.securestreams.core.trust.CertificateMaker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule with a policy that breaks it and one that narrowly does not. */
class LintTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Lint LINT = Lint.standard(Clock.fixed(NOW, ZoneOffset.UTC));
  private static final CertificateMaker GOOD = CertificateMaker.of("EC", 256, "SHA256withECDSA");
  private static final String CLIENT = "\"protocol\":\"h1\",\"http_method\":\"GET\",\"port\":443";

  private static List<String> found(Lint lint, String policy) {
    PolicyParse parse = PolicyParser.lenient().linting(lint).parse(policy, "p");
    return parse.findings().stream().map(f -> f.code() + " " + f.path()).toList();
  }

  private static List<String> found(String policy) {
    return found(LINT, policy);
  }

  private static String stream(String members) {
    return "{\"s\":[{\"a\":{" + members + "}}]}";
  }

  /** A policy with a client that trusts one certificate. */
  private static String trusting(String base64) {
    return "{\"certs\":[{\"c\":\""
        + base64
        + "\"}],\"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"]}],\"s\":[{\"a\":{"
        + CLIENT
        + ",\"endpoint\":\"h\",\"tls\":true,\"tls_trust_store\":\"t\"}}]}";
  }

  @ParameterizedTest(name = "{0} without TLS: {1}")
  @CsvSource({
    "h, true",
    "10.0.0.1, true",
    "127.example.com, true",
    "localhost.example.com, true",
    "http://localhost@h/, true",
    "http://h/, true",
    "ws://127.0.0.1.example.com/, true",
    "'${host}', true",
    "::2, true",
    "localhost, false",
    "LOCALHOST:8080, false",
    "api.localhost, false",
    "127.0.0.1, false",
    "127.1.2.3:80, false",
    "::1, false",
    "[::1]:8080, false",
    "http://localhost/x?y, false",
    "ws://[::1]:80/x, false",
    "+/run/socket, false",
    "+@name, false",
    "file:///etc/hosts, false",
  })
  void aClientThatSendsInTheClearIsTold(String endpoint, boolean told) {
    String policy =
        stream(CLIENT + ",\"metadata\":[{\"host\":\"\"}],\"endpoint\":\"" + endpoint + "\"");

    assertThat(found(policy).contains("PLAINTEXT $.s[0].a.endpoint")).isEqualTo(told);
  }

  @Test
  void tlsIsNotPlaintextUnlessTheSchemeSwitchesItOff() {
    String tls = CLIENT + ",\"tls\":true,\"endpoint\":";

    assertThat(found(stream(tls + "\"h\""))).containsExactly("NO_TRUST_STORE $.s[0].a.tls");
    assertThat(found(stream(tls + "\"wss://h/\""))).containsExactly("NO_TRUST_STORE $.s[0].a.tls");
    assertThat(found(stream(tls + "\"http://h/\"")))
        .containsExactly("SUSPICIOUS $.s[0].a.endpoint", "PLAINTEXT $.s[0].a.endpoint");
  }

  @Test
  void aClientWithItsOwnTrustStoreIsNotTold() {
    assertThat(found(trusting(GOOD.base64()))).isEmpty();
  }

  @ParameterizedTest(name = "a server at {0}: {1}")
  @CsvSource({
    "0.0.0.0, PLAINTEXT $.s[0].a.endpoint",
    "eth0, PLAINTEXT $.s[0].a.endpoint",
    "127.0.0.1, ''",
    "lo, ''",
    "+/run/socket, ''",
    "!other, ''",
  })
  void aServerInTheClearIsToldUnlessItStaysHere(String endpoint, String told) {
    String members = "\"server\":true,\"protocol\":\"raw\",\"endpoint\":\"" + endpoint + "\"";

    List<String> found = found(LINT.silencing(FindingCode.IGNORED), stream(members));

    assertThat(String.join(",", found)).isEqualTo(told);
  }

  @Test
  void aServerOfAllInterfacesIsToldAtTheStreamType() {
    String server =
        "\"server\":true,\"protocol\":\"h1\",\"port\":80,\"metadata\":[{\"method\":\"\",\"path\":\"\"}]";

    assertThat(found(stream(server))).containsExactly("PLAINTEXT $.s[0].a");
    assertThat(found(stream("\"local_sink\":true"))).doesNotContain("PLAINTEXT $.s[0].a");
  }

  @Test
  void aServerWithTlsIsNotTold() {
    CertificateMaker own = GOOD.selfSigned();
    String valid = own.base64();
    String policy =
        "{\"certs\":[{\"c\":\""
            + valid
            + "\"},{\"k\":\""
            + own.keyBase64()
            + "\"}],\"s\":[{\"a\":{\"server\":true,\"protocol\":\"h1\",\"port\":443,\"tls\":true,"
            + "\"server_cert\":\"c\",\"server_key\":\"k\","
            + "\"metadata\":[{\"method\":\"\",\"path\":\"\"}]}}]}";

    assertThat(found(policy)).isEmpty();
    assertThat(found(LINT.reportingUnused(), policy)).isEmpty();
    String old = GOOD.selfSigned().expiring(NOW.minusSeconds(1)).base64();
    assertThat(found(policy.replace(valid, old))).containsExactly("CERT_EXPIRED $.certs[0].c");
  }

  @ParameterizedTest(name = "{0} s from now: {1}")
  @CsvSource({
    "-1, CERT_EXPIRED $.certs[0].c",
    "0, CERT_EXPIRING $.certs[0].c",
    "2591999, CERT_EXPIRING $.certs[0].c",
    "2592000, ''",
  })
  void aCertificateIsToldThirtyDaysAhead(long seconds, String told) {
    CertificateMaker certificate = GOOD.expiring(NOW.plus(Duration.ofSeconds(seconds)));

    assertThat(String.join(",", found(trusting(certificate.base64())))).isEqualTo(told);
  }

  @Test
  void weakKeysAndSignaturesAreToldAtTheCertificate() {
    CertificateMaker weakKey = CertificateMaker.of("RSA", 1024, "SHA256withRSA");
    CertificateMaker weakSignature = CertificateMaker.of("RSA", 2048, "SHA1withRSA");

    assertThat(found(trusting(weakKey.base64()))).containsExactly("WEAK_KEY $.certs[0].c");
    assertThat(found(trusting(weakSignature.base64())))
        .containsExactly("WEAK_SIGNATURE $.certs[0].c");
    assertThat(found(trusting(weakSignature.selfSigned().base64()))).isEmpty();
  }

  @Test
  void aCertificateThatNothingUsesIsNotLookedAt() {
    String old = GOOD.expiring(NOW.minusSeconds(1)).base64();

    assertThat(found("{\"certs\":[{\"c\":\"" + old + "\"}],\"s\":[]}")).isEmpty();
  }

  @ParameterizedTest(name = "jitterpc {0} is told: {1}")
  @CsvSource({"0, false", "1, true", "9, true", "10, false", "30, false"})
  void aFleetThatStaysInStepIsTold(int jitter, boolean told) {
    String policy = "{\"retry\":[{\"d\":{\"backoff\":[1],\"jitterpc\":" + jitter + "}}],\"s\":[]}";

    assertThat(found(policy).contains("LOW_JITTER $.retry[0].d.jitterpc")).isEqualTo(told);
  }

  @Test
  void nailedUpWithoutRetryIsToldOnce() {
    String policy = stream(CLIENT + ",\"endpoint\":\"localhost\",\"nailed_up\":true");

    assertThat(found(policy)).containsExactly("SUSPICIOUS $.s[0].a.nailed_up");
    assertThat(found(LINT.silencing(FindingCode.SUSPICIOUS), policy)).isEmpty();
  }

  @Test
  void whatNothingRefersToIsToldIfAskedFor() {
    String policy =
        "{\"retry\":[{\"r\":{\"backoff\":[1]},\"used\":{\"backoff\":[1]}}],\"certs\":[{\"c\":\""
            + GOOD.base64()
            + "\"},{\"d\":\""
            + GOOD.base64()
            + "\"}],\"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"]}],"
            + "\"auth\":[{\"name\":\"q\",\"type\":\"sigv4\"}],\"s\":[{\"a\":{"
            + CLIENT
            + ",\"endpoint\":\"localhost\",\"retry\":\"used\"}}]}";
    Lint lint = LINT.silencing(FindingCode.IGNORED);

    assertThat(found(lint, policy)).isEmpty();
    assertThat(found(lint.reportingUnused(), policy))
        .containsExactly(
            "SUSPICIOUS $.retry[0].r",
            "SUSPICIOUS $.certs[1].d",
            "SUSPICIOUS $.trust_stores[0].name",
            "SUSPICIOUS $.auth[0].name");
  }

  @Test
  void withoutALintNothingIsAdded() {
    String policy = stream(CLIENT + ",\"endpoint\":\"h\",\"tls\":true");

    assertThat(PolicyParser.lenient().parse(policy, "p").findings()).isEmpty();
    assertThat(found(policy)).isNotEmpty();
    assertThat(PolicyParser.lenient().parse(policy, "p").findings()).isEmpty();
  }

  @Test
  void aTextWithErrorsIsNotLinted() {
    String policy = stream(CLIENT + ",\"endpoint\":\"h\",\"tls\":true,\"retry\":\"nope\"");

    assertThat(found(policy)).containsExactly("UNKNOWN_REF $.s[0].a.retry");
  }

  @Test
  void everyWarningCanBeSilencedAndNoError() {
    FindingCode[] all = FindingCode.values();
    String odd = stream(CLIENT + ",\"endpoint\":\"h\",\"tls\":true,\"zzz\":1,\"ws_binary\":true");
    String bad = stream(CLIENT + ",\"endpoint\":\"h\",\"retry\":\"nope\",\"zzz\":1");

    assertThat(found(LINT, odd)).hasSize(3);
    assertThat(found(LINT.silencing(FindingCode.UNKNOWN_KEY), odd))
        .containsExactly("NO_TRUST_STORE $.s[0].a.tls", "IGNORED $.s[0].a.ws_binary");
    assertThat(found(LINT.silencing(all), odd)).isEmpty();
    assertThat(found(LINT.silencing(all), bad)).containsExactly("UNKNOWN_REF $.s[0].a.retry");
    PolicyParse strict = PolicyParser.strict().linting(LINT.silencing(all)).parse(odd, "p");
    assertThat(strict.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.UNKNOWN_KEY);
  }

  @Test
  void silencingChangesNothingButTheFindings() {
    Lint silent = LINT.silencing(FindingCode.IGNORED).silencing(FindingCode.SUSPICIOUS);
    for (Path sample : SampleFiles.policies(SampleFiles.SAMPLES)) {
      PolicyParse loud = PolicyParser.lenient().parse(sample);
      PolicyParse quiet = PolicyParser.lenient().linting(silent).parse(sample);

      assertThat(quiet.database()).isEqualTo(loud.database());
      assertThat(quiet.findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.IGNORED, FindingCode.SUSPICIOUS);
    }
  }

  @Test
  void aKeyWithoutEffectIsNoBlockerEvenIfNobodyIsTold() {
    String server =
        stream(
            "\"server\":true,\"protocol\":\"h1\",\"port\":80,\"http_auth_header\":\"x-a:\","
                + "\"metadata\":[{\"method\":\"\",\"path\":\"\"}]");
    PolicyParser loud = PolicyParser.lenient();
    PolicyParser quiet = loud.linting(LINT.silencing(FindingCode.IGNORED));

    assertThat(loud.parse(server, "p").findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.IGNORED);
    assertThat(quiet.parse(server, "p").orThrow())
        .isEqualTo(loud.parse(server, "p").orThrow())
        .satisfies(
            database -> assertThat(database.streamType("a").orElseThrow().blockers()).isEmpty());
  }

  @Test
  void silencedWarningsDoNotUseUpTheRoomForOthers() {
    StringBuilder members = new StringBuilder(CLIENT + ",\"endpoint\":\"h\"");
    for (int index = 0; index < 200; index++) {
      members.append(",\"zzz").append(index).append("\":1");
    }

    assertThat(found(LINT.silencing(FindingCode.UNKNOWN_KEY), stream(members.toString())))
        .containsExactly("PLAINTEXT $.s[0].a.endpoint");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "PLAINTEXT",
        "NO_TRUST_STORE",
        "CERT_EXPIRED",
        "CERT_EXPIRING",
        "WEAK_KEY",
        "WEAK_SIGNATURE",
        "LOW_JITTER"
      })
  void aLintIsAWarning(FindingCode code) {
    assertThat(code.severity()).isEqualTo(Severity.WARNING);
  }

  private static List<String> overlaid(String policy, String overlay) {
    PolicyParser parser = PolicyParser.lenient().linting(LINT);
    PolicyParse parse = parser.overlay(parser.parse(policy, "p").orThrow(), overlay, "o");
    return parse.findings().stream().map(f -> f.code() + " " + f.path()).toList();
  }

  @Test
  void anOverlayIsToldWhatItMakesUnwise() {
    String policy = trusting(GOOD.base64());

    assertThat(overlaid(policy, stream("\"tls\":false"))).contains("PLAINTEXT $.s[0].a");
    assertThat(overlaid(policy, stream("\"endpoint\":\"http://h/\"")))
        .contains("PLAINTEXT $.s[0].a.endpoint");
    assertThat(overlaid(policy, stream("\"endpoint\":\"other\""))).isEmpty();
    assertThat(overlaid(policy, "{\"retry\":[{\"d\":{\"backoff\":[1],\"jitterpc\":1}}]}"))
        .containsExactly("LOW_JITTER $.retry[0].d.jitterpc");
  }

  @Test
  void anOverlayIsNotBlamedForThePolicyBelow() {
    String policy = stream(CLIENT + ",\"endpoint\":\"h\"");
    String old = GOOD.expiring(NOW.minusSeconds(1)).base64();

    assertThat(found(policy)).containsExactly("PLAINTEXT $.s[0].a.endpoint");
    assertThat(overlaid(policy, stream("\"port\":1"))).isEmpty();
    assertThat(overlaid(policy, stream("\"endpoint\":\"g\"")))
        .containsExactly("PLAINTEXT $.s[0].a.endpoint");
    assertThat(overlaid(trusting(old), stream("\"port\":1"))).isEmpty();
  }

  @Test
  void findingsKeepTheOrderOfTheText() {
    String policy = stream("\"tsl\":1,\"endpoint\":\"h\"," + CLIENT + ",\"zzz\":1");

    assertThat(found(policy))
        .containsExactly(
            "UNKNOWN_KEY $.s[0].a.tsl", "PLAINTEXT $.s[0].a.endpoint", "UNKNOWN_KEY $.s[0].a.zzz");
  }
}
