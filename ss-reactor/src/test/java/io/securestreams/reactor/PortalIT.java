package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.PortalVerdict;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Whether there is a captive portal, found out over real sockets. */
@ExtendWith(LeakCheck.class)
class PortalIT {

  private static final String CHECK = "captive_portal_detect";
  private static final String ASKS = "'http_method':'GET','opportunistic':true";
  private static final String EXPECTS = ASKS + ",'http_url':'generate_204','http_expect':204";
  private static final String DETECTS = EXPECTS + ",'http_fail_redirect':true";

  @RegisterExtension final Stage stage = new Stage();

  private HttpPeer peer(Function<HttpPeer.Asked, Reply> behaviour) {
    return stage.with(HttpPeer.Make.JETTY.answering(behaviour));
  }

  private SecureStreams streams(int port, String members) {
    return stage.streams(new TestPolicy().retry("r1", 1, 10).client(CHECK, "h1", port, members));
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(204, "", DETECTS, PortalVerdict.INTERNET_OK, 1),
        Arguments.of(200, "", DETECTS, PortalVerdict.NO_INTERNET, 1),
        Arguments.of(200, "login", DETECTS, PortalVerdict.NO_INTERNET, 1),
        Arguments.of(404, "", DETECTS, PortalVerdict.NO_INTERNET, 1),
        Arguments.of(200, "any", ASKS, PortalVerdict.INTERNET_OK, 1),
        Arguments.of(302, "", DETECTS, PortalVerdict.CAPTIVE_PORTAL, 1),
        Arguments.of(307, "", DETECTS, PortalVerdict.CAPTIVE_PORTAL, 1),
        Arguments.of(302, "", DETECTS + ",'retry':'r1'", PortalVerdict.CAPTIVE_PORTAL, 1),
        Arguments.of(302, "", EXPECTS, PortalVerdict.NO_INTERNET, 1),
        Arguments.of(302, "", EXPECTS + ",'retry':'r1'", PortalVerdict.NO_INTERNET, 2),
        Arguments.of(503, "", DETECTS + ",'retry':'r1'", PortalVerdict.NO_INTERNET, 2));
  }

  @ParameterizedTest(name = "{0} \"{1}\" to {2}: {3}")
  @MethodSource("answers")
  void theAnswerDecides(
      int status, String body, String members, PortalVerdict verdict, int requests) {
    HttpPeer peer =
        peer(asked -> Reply.of(status, body).with("location", "http://login.example.test/"));
    SecureStreams streams = streams(peer.port(), members);

    Mono<PortalVerdict> check = streams.checkPortal();

    StepVerifier.create(check).expectNext(verdict).expectComplete().verify(SOON);
    StepVerifier.create(streams.portal()).expectNext(verdict).thenCancel().verify(SOON);
    assertThat(peer.asked()).hasSize(requests);
  }

  @Test
  void whoRefusesConnectionsIsNoInternet() {
    SecureStreams streams = streams(DeadEnds.refusing(), DETECTS + ",'retry':'r1'");

    StepVerifier.create(streams.checkPortal())
        .expectNext(PortalVerdict.NO_INTERNET)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void whoNeverAnswersIsNoInternetInTheEnd() {
    DeadEnds.BlackHole silent = stage.with(DeadEnds.blackHole());
    SecureStreams streams = streams(silent.port(), DETECTS);

    StepVerifier.create(streams.checkPortal())
        .expectNext(PortalVerdict.NO_INTERNET)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void withoutTheStreamTypeNothingIsKnown() {
    SecureStreams streams =
        stage.streams(new TestPolicy().client("other", "h1", DeadEnds.refusing(), ASKS));

    StepVerifier.create(streams.checkPortal())
        .expectErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("captive_portal_detect"))
        .verify(SOON);
    StepVerifier.create(streams.portal())
        .expectNext(PortalVerdict.UNKNOWN)
        .thenCancel()
        .verify(SOON);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void anyStreamThatMeetsThePortalTellsOfItBeforeItFails(HttpPeer.Make make) {
    HttpPeer peer =
        stage.with(
            make.answering(
                asked -> Reply.of(302, "").with("location", "http://login.example.test/")));
    SecureStreams streams =
        stage.streams(
            new TestPolicy()
                .retry("r1", 1, 10)
                .client(
                    "get", "h1", peer.port(), ASKS + ",'http_fail_redirect':true,'retry':'r1'"));
    SecureStream stream = streams.open("get");

    StepVerifier.create(
            stream
                .events()
                .ofType(StateEvent.class)
                .concatMap(
                    event ->
                        event.state() == StreamState.UNREACHABLE
                            ? streams.portal().next().map(known -> known + " " + detail(event))
                            : Mono.just(Words.withKind(event))))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CAPTIVE_PORTAL login", "POLL", "CONNECTING")
        .expectNext("CAPTIVE_PORTAL login", "ALL_RETRIES_FAILED[PORTAL]")
        .thenCancel()
        .verify(SOON);
  }

  private static String detail(StateEvent event) {
    assertThat(event.failureKind()).contains(FailureKind.PORTAL);
    String detail = event.failure().orElseThrow().detail();
    return detail.contains("the redirect to http://login.example.test/ is not followed")
        ? "login"
        : detail;
  }

  @Test
  void overlaysForceWhatIsToBeTested() {
    HttpPeer internet = peer(asked -> Reply.of(204, ""));
    HttpPeer portal = peer(asked -> Reply.of(302, "").with("location", "/login"));
    SecureStreams streams = streams(internet.port(), DETECTS);
    StepVerifier.create(streams.portal())
        .expectNext(PortalVerdict.UNKNOWN)
        .then(() -> check(streams))
        .expectNext(PortalVerdict.INTERNET_OK)
        .then(() -> overlaid(streams, portal.port()))
        .expectNext(PortalVerdict.UNKNOWN, PortalVerdict.CAPTIVE_PORTAL)
        .then(() -> overlaid(streams, DeadEnds.refusing()))
        .expectNext(PortalVerdict.UNKNOWN, PortalVerdict.NO_INTERNET)
        .then(streams::close)
        .expectComplete()
        .verify(SOON);
  }

  private static void overlaid(SecureStreams streams, int port) {
    String overlay = "{\"s\":[{\"" + CHECK + "\":{\"port\":" + port + "}}]}";
    assertThat(streams.overlay(overlay).block(SOON)).isNotNull();
    check(streams);
  }

  private static void check(SecureStreams streams) {
    assertThat(streams.checkPortal().block(SOON)).isNotNull();
  }
}
