package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Over http a message that was accepted is delivered once, or its fate is told. */
@ExtendWith(LeakCheck.class)
class AcceptedMessagesIT {

  private static final int MANY = 40;

  @RegisterExtension final Stage stage = new Stage();

  private final AtomicInteger starts = new AtomicInteger();

  @Test
  void messagesWaitForEachOtherAndEachIsATransaction() {
    // Given
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(asked -> Reply.of(200, new String(asked.body(), UTF_8))));
    SecureStream stream = stream(peer.port());
    List<String> texts = IntStream.range(0, MANY).mapToObj(i -> "message " + i).toList();

    // When
    Mono<List<String>> acknowledged =
        Flux.fromIterable(texts)
            .flatMap(text -> stream.tx().send(Payload.utf8(text)).thenReturn(text), MANY)
            .collectList();

    // Then
    StepVerifier.create(during(stream, acknowledged))
        .expectNext(texts)
        .expectComplete()
        .verify(SOON);
    assertThat(peer.asked()).extracting(asked -> new String(asked.body(), UTF_8)).isEqualTo(texts);
  }

  @ParameterizedTest(name = "status {0}")
  @ValueSource(ints = {400, 404, 500})
  void aRefusedMessageFailsAndTheNextOneIsSent(int status) {
    // Given
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JDK.answering(
                asked -> Reply.of(asked.body().length > 3 ? status : 200, "answer")));
    SecureStream stream = stream(peer.port());

    // When
    Flux<String> outcomes =
        Flux.just("first", "ok")
            .concatMap(
                text ->
                    stream
                        .tx()
                        .send(Payload.utf8(text))
                        .thenReturn("delivered")
                        .onErrorResume(
                            StreamFailedException.class, e -> Mono.just(e.kind().name())));

    // Then
    StepVerifier.create(during(stream, outcomes.collectList()))
        .expectNext(List.of("PROTOCOL", "delivered"))
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void aMessageThatMayHaveArrivedIsNotSentTwice() {
    // Given
    List<String> bodies = new CopyOnWriteArrayList<>();
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  if (!talk.head().isEmpty()) {
                    bodies.add(new String(talk.read(4), UTF_8));
                  }
                }));
    SecureStream stream = stream(peer.port());

    // When
    Flux<String> words = stream.events().map(Words::withKind).takeUntil(w -> w.startsWith("ALL_"));
    Mono<Void> sending = stream.tx().send(Payload.utf8("once"));

    // Then
    StepVerifier.create(
            words.mergeWith(sending.onErrorResume(e -> Mono.empty()).then(Mono.empty())))
        .expectNext("CREATING", "POLL", "CONNECTING", "UNREACHABLE[CLOSED]")
        .expectNext("ALL_RETRIES_FAILED[CLOSED]")
        .expectComplete()
        .verify(SOON);
    assertThat(bodies).containsExactly("once");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"refuses for a while", "is busy for a while"})
  void aMessageThatDidNotArriveIsSentAgain(String way) {
    // Given
    List<String> bodies = new CopyOnWriteArrayList<>();
    RawPeer.Script script =
        talk -> {
          String head = talk.head();
          String body = new String(talk.read(4), UTF_8);
          if (way.startsWith("is busy") && talk.number() == 1) {
            talk.write("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
            return;
          }
          assertThat(head).contains("POST / ");
          bodies.add(body);
          talk.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
          talk.drain();
        };
    int port = DeadEnds.free();
    boolean later = way.startsWith("refuses");
    if (!later) {
      stage.with(RawPeer.on(port, script));
    }
    SecureStream stream = stream(port);

    // When
    Flux<String> words =
        stream
            .events()
            .map(Words::of)
            .doOnNext(
                word -> {
                  if (later && word.equals("UNREACHABLE") && bodies.isEmpty()) {
                    startOnce(port, script);
                  }
                });

    // Then
    StepVerifier.create(
            words
                .ignoreElements()
                .mergeWith(stream.tx().send(Payload.utf8("once")).then(Mono.just("sent")))
                .next())
        .expectNext("sent")
        .expectComplete()
        .verify(SOON);
    assertThat(bodies).containsExactly("once");
  }

  private void startOnce(int port, RawPeer.Script script) {
    if (starts.getAndIncrement() == 0) {
      stage.with(RawPeer.on(port, script));
    }
  }

  private <T> Mono<T> during(SecureStream stream, Mono<T> action) {
    return Flux.<T>from(action.doFinally(end -> stream.destroy()))
        .mergeWith(stream.events().ignoreElements().then(Mono.empty()))
        .single();
  }

  private SecureStream stream(int port) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r3", 3, 10, 10, 300)
            .client("it", "h1", port, "'opportunistic':true,'retry':'r3','http_method':'POST'");
    return stage.streams(policy).open("it");
  }
}
