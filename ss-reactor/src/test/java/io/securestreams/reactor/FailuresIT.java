package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.RawPeer.Script;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Attempts that fail, by every way a network and a peer know: the series that the policy says. */
@ExtendWith(LeakCheck.class)
class FailuresIT {

  private static final int ATTEMPTS = 3;

  private static final TransportSettings SHORT =
      new TransportSettings(
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(5),
          Duration.ofSeconds(4),
          1024,
          1024 * 1024,
          1024 * 1024);

  @RegisterExtension final Stage stage = new Stage();

  static Stream<Arguments> answers() {
    return Stream.of("h1", "ws")
        .flatMap(
            protocol ->
                Stream.of(
                    answer(protocol, "closes at once", FailureKind.CLOSED, talk -> {}),
                    answer(
                        protocol,
                        "closes after the request",
                        FailureKind.CLOSED,
                        Conversation::head),
                    answer(
                        protocol,
                        "resets after the request",
                        FailureKind.CLOSED,
                        talk -> {
                          talk.head();
                          talk.reset();
                        }),
                    answer(
                        protocol,
                        "closes inside the head",
                        FailureKind.CLOSED,
                        saying("HTTP/1.1 200 OK\r\ncontent-le")),
                    answer(
                        protocol,
                        "garbage",
                        FailureKind.PROTOCOL,
                        saying("\u0000\u0001 what is this?\r\n\r\n")),
                    answer(
                        protocol,
                        "an endless head",
                        FailureKind.LIMIT,
                        saying("HTTP/1.1 200 OK\r\nx-long: " + "x".repeat(2000) + "\r\n\r\n")),
                    answer(
                        protocol,
                        "a redirect",
                        FailureKind.PROTOCOL,
                        saying("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n")),
                    answer(
                        protocol,
                        "503",
                        FailureKind.PROTOCOL,
                        saying("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy")),
                    answer(
                        protocol,
                        "429",
                        FailureKind.PROTOCOL,
                        saying("HTTP/1.1 429 Slow\r\ncontent-length: 4\r\n\r\nslow"))));
  }

  static Stream<Arguments> moreAnswers() {
    return Stream.concat(
        answers(),
        Stream.of(
            answer(
                "h1",
                "an unknown transfer coding",
                FailureKind.PROTOCOL,
                saying("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n")),
            answer(
                "ws",
                "403 to the upgrade",
                FailureKind.PROTOCOL,
                saying("HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\nno")),
            answer(
                "ws",
                "200 to the upgrade",
                FailureKind.PROTOCOL,
                saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")),
            answer(
                "ws",
                "a wrong key",
                FailureKind.PROTOCOL,
                saying(
                    "HTTP/1.1 101 OK\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                        + "sec-websocket-accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"))));
  }

  private static Arguments answer(String protocol, String name, FailureKind kind, Script script) {
    return Arguments.of(protocol, name, kind, script);
  }

  private static Script saying(String text) {
    return talk -> {
      talk.head();
      talk.write(text.getBytes(US_ASCII));
    };
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("moreAnswers")
  void anAnswerThatIsNoneEndsTheSeriesOnce(
      String protocol, String name, FailureKind kind, Script script) {
    // Given
    RawPeer peer = stage.with(new RawPeer(script));
    SecureStream stream = stream(protocol, peer.port(), limits(1024));

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then: one more attempt by tx, and a series by connect, show that nothing came in between.
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext(Words.failing("POLL CONNECTING", kind, ATTEMPTS))
        .then(stream::requestTx)
        .expectNext(Words.failing("POLL CONNECTING", kind, 1))
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", kind, ATTEMPTS))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(2 * ATTEMPTS + 1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aPeerThatNeverAnswersIsGivenUpAfterTheTimeLimit(String protocol) {
    // Given
    RawPeer peer = stage.with(new RawPeer(Conversation::drain));
    SecureStream stream = stream(protocol, peer.port(), SHORT);

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.TIMEOUT, ATTEMPTS))
        .thenCancel()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(ATTEMPTS);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aBlackHoleIsGivenUpAfterTheTimeLimit(String protocol) {
    // Given
    int port = stage.with(DeadEnds.blackHole()).port();
    SecureStream stream = stream(protocol, port, SHORT);

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.TIMEOUT, ATTEMPTS))
        .thenCancel()
        .verify(SOON);
  }

  private SecureStream stream(String protocol, int port, TransportSettings settings) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", ATTEMPTS - 1, 10)
            .client("it", protocol, port, "'retry':'r2','opportunistic':true" + request(protocol));
    return stage.streams(policy, builder -> builder.settings(settings)).open("it");
  }

  private static String request(String protocol) {
    return protocol.equals("h1") ? ",'http_method':'GET'" : "";
  }

  private static TransportSettings limits(int headerBytes) {
    TransportSettings defaults = TransportSettings.DEFAULTS;
    return new TransportSettings(
        defaults.connect(),
        defaults.response(),
        defaults.inactivity(),
        defaults.poolIdle(),
        headerBytes,
        defaults.frameBytes(),
        defaults.messageBytes());
  }
}
