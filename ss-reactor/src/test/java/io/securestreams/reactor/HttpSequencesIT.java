package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Asked;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Whole http transactions against servers of other makes: what is reported, in which order. */
@ExtendWith(LeakCheck.class)
class HttpSequencesIT {

  private static final Authority CA = Authority.named("http sequences");

  @RegisterExtension final Stage stage = new Stage();

  static Stream<Arguments> servers() {
    return Stream.of(HttpPeer.Make.values())
        .flatMap(make -> Stream.of(Arguments.of(make, false), Arguments.of(make, true)));
  }

  @ParameterizedTest(name = "{0}, TLS {1}")
  @MethodSource("servers")
  void aGetIsConnectedThenReadThenAcknowledged(HttpPeer.Make make, boolean tls) {
    // Given
    HttpPeer peer = peer(make, tls, asked -> Reply.of(200, "payload"));
    SecureStream stream = stream(peer, tls, "'http_method':'GET','http_url':'here?x=1'");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.asked()).extracting(Asked::path).containsExactly("/here?x=1");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "'opportunistic':true",
        "'opportunistic':false",
        "'opportunistic':false,'retry':'r2'"
      })
  void aStatusThatIsNoSuccessIsNotRetried(String members) {
    // Given
    HttpPeer peer = peer(asked -> Reply.of(404, "nothing"));
    SecureStream stream = stream(peer, "'http_method':'GET'," + members);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then: a second transaction shows that nothing came in between.
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_NACK_REMOTE", "DISCONNECTED")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_NACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(2);
  }

  @ParameterizedTest(name = "{0} {1} expects {2}: {3}")
  @MethodSource("statuses")
  void theStatusDecidesAboutTheAcknowledgement(
      int status, String body, String members, String expected) {
    // Given
    HttpPeer peer = peer(asked -> Reply.of(status, body));
    SecureStream stream = stream(peer, "'http_method':'GET','opportunistic':true" + members);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING")
        .expectNext(expected.split(" "))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
  }

  static Stream<Arguments> statuses() {
    String read = "rx(7,SOM) rx(0,EOM) ";
    return Stream.of(
        Arguments.of(204, "", ",'http_expect':204", "CONNECTED QOS_ACK_REMOTE DISCONNECTED"),
        Arguments.of(
            200,
            "payload",
            ",'http_expect':204",
            "CONNECTED " + read + "QOS_NACK_REMOTE DISCONNECTED"),
        Arguments.of(
            530,
            "payload",
            ",'http_resp_map':[{'530':1530}]",
            "1530 CONNECTED " + read + "QOS_NACK_REMOTE DISCONNECTED"),
        Arguments.of(
            200,
            "payload",
            ",'http_resp_map':[{'200':1200}]",
            "1200 CONNECTED " + read + "QOS_ACK_REMOTE DISCONNECTED"),
        Arguments.of(
            401,
            "payload",
            ",'http_resp_map':[{'401':4}],'retry':'r0'",
            "AUTH_FAILED ALL_RETRIES_FAILED"),
        Arguments.of(401, "payload", "", "CONNECTED " + read + "QOS_NACK_REMOTE DISCONNECTED"),
        Arguments.of(500, "payload", "", "CONNECTED " + read + "QOS_NACK_REMOTE DISCONNECTED"));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void everyChunkIsAPieceAndTheEndIsOneOfItsOwn(HttpPeer.Make make) {
    // Given
    Semaphore firstWasRead = new Semaphore(0);
    HttpPeer peer =
        peer(
            make,
            false,
            asked ->
                Reply.chunked(
                    () -> "one".getBytes(UTF_8),
                    () -> {
                      firstWasRead.acquireUninterruptibly();
                      return "four".getBytes(UTF_8);
                    }));
    SecureStream stream = stream(peer, "'http_method':'GET'");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(3,SOM)")
        .then(firstWasRead::release)
        .expectNext("rx(4,-)", "rx(0,EOM)", "QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void aNailedUpGetHappensOnceAndThenNothing() {
    // Given
    HttpPeer peer = peer(asked -> Reply.of(200, "payload"));
    SecureStream stream = stream(peer, "'http_method':'GET','nailed_up':true,'retry':'r2'");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then: a request of our own shows that no repetition came before it.
    events
        .expectNext("CREATING", "CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .then(stream::requestTx)
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(7,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(2);
  }

  private HttpPeer peer(Function<Asked, Reply> behaviour) {
    return peer(HttpPeer.Make.JDK, false, behaviour);
  }

  private HttpPeer peer(HttpPeer.Make make, boolean tls, Function<Asked, Reply> behaviour) {
    return stage.with(
        tls
            ? make.answering(CA.issue("localhost").serverContext(), behaviour)
            : make.answering(behaviour));
  }

  private SecureStream stream(HttpPeer peer, String members) {
    return stream(peer, false, members);
  }

  private SecureStream stream(HttpPeer peer, boolean tls, String members) {
    String security = tls ? ",'tls':true,'tls_trust_store':'ours'" : "";
    TestPolicy policy =
        new TestPolicy()
            .retry("r0", 0, 20)
            .retry("r2", 2, 20)
            .trust("ours", CA)
            .client("it", "h1", peer.port(), members + security);
    return stage.streams(policy, UnaryOperator.identity()).open("it");
  }

  private static Flux<String> words(SecureStream stream) {
    return stream.events().map(Words::of);
  }
}
