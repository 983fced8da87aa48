package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Asked;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Messages that are the bodies of requests, against servers of other makes. */
@ExtendWith(LeakCheck.class)
class HttpPostsIT {

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void aMessageIsPostedWithItsLengthBeforeConnected(HttpPeer.Make make) {
    // Given
    HttpPeer peer = peer(make, asked -> Reply.of(200, new String(asked.body(), UTF_8)));
    SecureStream stream = stream(peer);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(() -> stream.tx().tryEmitNext(Payload.utf8("hello")).orThrow())
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(5,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(1);
    assertThat(peer.asked().get(0).headers()).containsEntry("content-length", "5");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void aMessageInThreePiecesIsOneBodyAndItsSendEndsWithTheAcknowledgement(HttpPeer.Make make) {
    // Given
    HttpPeer peer = peer(make, asked -> Reply.of(200, "got " + asked.body().length));
    SecureStream stream = stream(peer);
    Flux<String> events = words(stream).takeUntil("DISCONNECTED"::equals).cache();

    // When
    StepVerifier.FirstStep<Object> outcome =
        StepVerifier.create(
            Flux.merge(events.ignoreElements(), stream.tx().send(pieces(1400, 1400, 200), 3000)));

    // Then
    outcome.expectComplete().verify(SOON);
    StepVerifier.create(events)
        .expectNext("CREATING", "POLL", "CONNECTING", "CONNECTED", "rx(8,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(1);
    assertThat(peer.asked().get(0).headers()).containsEntry("content-length", "3000");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void aMessageOfUnknownLengthIsSentInChunks(HttpPeer.Make make) {
    // Given
    HttpPeer peer = peer(make, asked -> Reply.of(200, "got " + asked.body().length));
    SecureStream stream = stream(peer);
    Flux<String> events = words(stream).takeUntil("DISCONNECTED"::equals);

    // When
    StepVerifier.FirstStep<Object> outcome =
        StepVerifier.create(
            Flux.merge(events.ignoreElements(), stream.tx().send(pieces(1400, 1400, 200))));

    // Then
    outcome.expectComplete().verify(SOON);
    assertThat(peer.asked()).hasSize(1);
    assertThat(peer.asked().get(0).body()).hasSize(3000);
    assertThat(peer.asked().get(0).headers())
        .containsEntry("transfer-encoding", "chunked")
        .doesNotContainKey("content-length");
  }

  @Test
  void aPostStartedByConnectHasNoBody() {
    // Given
    HttpPeer peer = peer(HttpPeer.Make.JDK, asked -> Reply.of(200, "got " + asked.body().length));
    SecureStream stream = stream(peer);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(5,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  private HttpPeer peer(HttpPeer.Make make, Function<Asked, Reply> behaviour) {
    return stage.with(make.answering(behaviour));
  }

  private SecureStream stream(HttpPeer peer) {
    TestPolicy policy = new TestPolicy().client("it", "h1", peer.port(), "'http_method':'POST'");
    return stage.streams(policy).open("it");
  }

  private static Flux<Payload> pieces(int... sizes) {
    return Flux.range(0, sizes.length).map(i -> Payload.wrap(new byte[sizes[i]]));
  }

  private static Flux<String> words(SecureStream stream) {
    return stream.events().map(Words::of);
  }
}
