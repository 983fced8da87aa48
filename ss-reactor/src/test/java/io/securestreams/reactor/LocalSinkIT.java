package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Local sinks in real time, from many threads at once. */
class LocalSinkIT {

  private static final int SOURCES = 200;
  private static final int MESSAGES = 200;

  @RegisterExtension final Stage stage = new Stage();

  private final SecureStreams streams =
      stage.streams(new TestPolicy().stream("echo", "'local_sink':true"));

  @Test
  void manySourcesComeAndGoAndEachGetsItsOwnMessagesInOrder() {
    // Given
    StreamServer sink = streams.sink("echo");
    stage.ends(sink::destroy);
    sink.accepted().flatMap(LocalSinkIT::echo, SOURCES).subscribe(nothing -> {}, cause -> {});
    List<List<String>> expected =
        IntStream.range(0, SOURCES).mapToObj(LocalSinkIT::messages).toList();

    // When
    List<List<String>> received =
        Flux.range(0, SOURCES)
            .flatMapSequential(
                source -> Mono.defer(() -> exchange(source)).subscribeOn(Schedulers.parallel()),
                SOURCES)
            .collectList()
            .block(SOON);

    // Then
    assertThat(received).isEqualTo(expected);
    Stage.await("the end of all pairs", () -> streams.openStreams() == 1);
    assertThat(sink.clients()).isEmpty();
  }

  private static List<String> messages(int source) {
    return IntStream.range(0, MESSAGES).mapToObj(i -> source + " says " + i).toList();
  }

  private Mono<List<String>> exchange(int source) {
    return streams
        .receive(
            "echo",
            stream ->
                messages(source)
                    .forEach(text -> stream.tx().tryEmitNext(Payload.utf8(text)).orThrow()))
        .map(Payload::utf8)
        .take(MESSAGES)
        .collectList();
  }

  /** The source may leave while its last message goes back. */
  private static Mono<Void> echo(AcceptedStream side) {
    return side.events()
        .ofType(PayloadEvent.class)
        .concatMap(piece -> side.tx().send(piece.payload()), 1)
        .then()
        .onErrorComplete();
  }
}
