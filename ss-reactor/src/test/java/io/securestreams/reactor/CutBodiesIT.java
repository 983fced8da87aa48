package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

/** Http peers that break off in the middle, are busy, or are away for a while. */
@ExtendWith(LeakCheck.class)
class CutBodiesIT {

  private static final int RETURNS = 5;

  private static final TransportSettings IMPATIENT =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofMillis(300),
          Duration.ofSeconds(4),
          16 * 1024,
          1024 * 1024,
          1024 * 1024);

  @RegisterExtension final Stage stage = new Stage();

  static Stream<Arguments> cuts() {
    String announced = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npayload";
    String chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\npayload\r\n";
    return Stream.of(
        cut("a body of known length is closed", FailureKind.CLOSED, announced, talk -> {}),
        cut("a chunked body is closed", FailureKind.CLOSED, chunked, talk -> {}),
        cut(
            "a chunk is not a chunk",
            FailureKind.PROTOCOL,
            chunked + "zz\r\n",
            Conversation::drain),
        cut("the peer falls silent", FailureKind.TIMEOUT, announced, Conversation::drain));
  }

  private static Arguments cut(String name, FailureKind kind, String answer, Script after) {
    Script script =
        talk -> {
          talk.head();
          talk.write(answer);
          after.run(talk);
        };
    return Arguments.of(name, kind, script);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cuts")
  void anOpportunisticStreamStaysIdleWithoutAcknowledgement(
      String name, FailureKind kind, Script script) {
    // Given
    RawPeer peer = stage.with(new RawPeer(script));
    SecureStream stream = stream(peer.port(), "'opportunistic':true");
    String lost = "DISCONNECTED[" + kind + "]";

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then: a request of our own shows that nothing came in between.
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(7,SOM)", lost)
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(7,SOM)", lost)
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cuts")
  void anotherStreamAsksAgainForEver(String name, FailureKind kind, Script script) {
    // Given
    RawPeer peer = stage.with(new RawPeer(script));
    SecureStream stream = stream(peer.port(), "'opportunistic':false");
    String lost = "DISCONNECTED[" + kind + "]";

    // When
    StepVerifier.Step<String> events =
        StepVerifier.create(stream.events().map(Words::withKind))
            .expectNext("CREATING")
            .then(stream::requestTx);

    // Then: more often than there are retries, for every answer starts the counter anew.
    for (int i = 0; i < RETURNS; i++) {
      events = events.expectNext("POLL", "CONNECTING", "CONNECTED", "rx(7,SOM)", lost);
    }
    events.thenCancel().verify(SOON);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"zz, PROTOCOL", "9, CLOSED"})
  void whatCameBeforeTheCutIsDeliveredWheneverItIsAskedFor(String next, FailureKind kind) {
    // Given
    CountDownLatch cut = new CountDownLatch(1);
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  talk.head();
                  talk.write(
                      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                          + "3\r\none\r\n4\r\nfour\r\n5\r\nfives\r\n"
                          + next
                          + "\r\n");
                  talk.socket().shutdownOutput();
                  talk.drain();
                  cut.countDown();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true");

    // When: until the connection is gone nobody asks for more than CONNECTED.
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind), 1);

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .thenRequest(2)
        .expectNext("CONNECTING", "CONNECTED")
        .then(() -> Stage.await("the cut", () -> kind == FailureKind.CLOSED || cut.getCount() == 0))
        .thenRequest(10)
        .expectNext("rx(3,SOM)", "rx(4,-)", "rx(5,-)", "DISCONNECTED[" + kind + "]")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void twoAttemptsAreNeverSplicedIntoOneBody() {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  talk.head();
                  talk.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npayload");
                }));
    TestPolicy policy = policy(peer.port(), "");

    // When
    StepVerifier.FirstStep<String> body =
        StepVerifier.create(stage.streams(policy).receive("it").map(Payload::utf8));

    // Then
    body.expectNext("payload")
        .expectErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOfSatisfying(
                        StreamFailedException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.CLOSED)))
        .verify(SOON);
  }

  static Stream<Arguments> unusualAnswers() {
    return Stream.of(
        Arguments.of(
            "ended by the connection", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\npayload"),
        Arguments.of("of HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\npayload"),
        Arguments.of(
            "after interim ones",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\npayload"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusualAnswers")
  void anAnswerOfAnOlderOrWordierKindIsComplete(String name, String answer) {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  talk.head();
                  talk.write(answer);
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  static Stream<Arguments> oneSecond() {
    return Stream.of(
        Arguments.of("as seconds", "retry-after: 1"),
        Arguments.of(
            "as a date",
            "date: Mon, 01 Jan 2024 00:00:00 GMT\r\nretry-after: Mon, 01 Jan 2024 00:00:01 GMT"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneSecond")
  void aBusyPeerIsLeftAloneAsLongAsItAsked(String name, String headers) {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  talk.head();
                  talk.write(
                      talk.number() == 1
                          ? "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n" + headers + "\r\n\r\n"
                          : "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\npayload");
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true");
    AtomicReference<Duration> announced = new AtomicReference<>();
    long[] waited = new long[1];

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream
                .events()
                .doOnNext(
                    event -> {
                      if (event instanceof StateEvent state
                          && state.state() == StreamState.UNREACHABLE) {
                        announced.set(state.nextDelay());
                      }
                    })
                .map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "UNREACHABLE")
        .then(() -> waited[0] = System.nanoTime())
        .expectNext("POLL")
        .then(() -> waited[0] = System.nanoTime() - waited[0])
        .expectNext("CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(announced.get()).isEqualTo(Duration.ofSeconds(1));
    assertThat(Duration.ofNanos(waited[0])).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void aPeerThatComesBackIsFoundByTheNextRetry() {
    // Given
    int port = DeadEnds.free();
    SecureStream stream = stream(port, "'opportunistic':true");
    Script answering =
        talk -> {
          talk.head();
          talk.write("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\npayload");
          talk.drain();
        };

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "UNREACHABLE")
        .then(() -> stage.with(RawPeer.on(port, answering)))
        .thenConsumeWhile(word -> !word.equals("CONNECTED"))
        .expectNext("CONNECTED", "rx(7,SOM)", "rx(0,EOM)", "QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  private SecureStream stream(int port, String members) {
    return stage
        .streams(policy(port, "," + members), builder -> builder.settings(IMPATIENT))
        .open("it");
  }

  private static TestPolicy policy(int port, String members) {
    return new TestPolicy()
        .retry("r3", 3, 10, 10, 500)
        .client("it", "h1", port, "'http_method':'GET','retry':'r3'" + members);
  }
}
