package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsPeer;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The end of a context: at once, or after what was begun. */
@ExtendWith(LeakCheck.class)
class ShutdownIT {

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void closingEndsEveryStreamAndTellsThePeerThatWeGoAway() {
    // Given
    WsPeer peer = stage.with(WsPeer.silent());
    SecureStreams streams = streams(peer.port(), peer.port());

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(streams.open("ws").events().map(Words::of));

    // Then
    events
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(streams::close)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.closeCode()).isEqualTo(1001);
    StepVerifier.create(streams.open("ws").events()).expectComplete().verify(SOON);
  }

  @Test
  void closingGracefullyEndsIdleStreams() {
    // Given
    WsPeer peer = stage.with(WsPeer.silent());
    SecureStreams streams = streams(peer.port(), peer.port());
    Flux<String> idle = streams.open("post").events().map(Words::of);
    Flux<String> connected = streams.open("ws").events().map(Words::of);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(Flux.merge(idle, connected));

    // Then
    events
        .expectNext("CREATING", "CREATING", "CONNECTING", "CONNECTED")
        .then(() -> streams.closeGracefully(SOON).subscribe())
        .expectNextCount(3)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void closingGracefullyWaitsForTransactionsAndQueuedMessages() {
    // Given
    Semaphore answering = new Semaphore(0);
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JDK.answering(
                asked -> {
                  answering.acquireUninterruptibly();
                  return Reply.of(200, new String(asked.body(), UTF_8));
                }));
    SecureStreams streams = streams(peer.port(), peer.port());
    SecureStream stream = streams.open("post");
    Mono<List<String>> sending =
        Flux.just("one", "two", "three")
            .flatMap(text -> stream.tx().send(Payload.utf8(text)).thenReturn(text))
            .collectList();

    // When
    StepVerifier.FirstStep<Object> outcome =
        StepVerifier.create(Flux.merge(stream.events().ignoreElements(), sending));

    // Then
    outcome
        .then(() -> Stage.await("the first request", () -> peer.asked().size() == 1))
        .then(() -> streams.closeGracefully(SOON).subscribe())
        .then(() -> answering.release(3))
        .expectNext(List.of("one", "two", "three"))
        .expectComplete()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(3);
  }

  private SecureStreams streams(int wsPort, int httpPort) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", 2, 10)
            .client("ws", "ws", wsPort, "'nailed_up':true,'retry':'r2'")
            .client("post", "h1", httpPort, "'http_method':'POST','opportunistic':true");
    return stage.streams(policy);
  }
}
