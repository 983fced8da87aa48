package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Sources that join and part from many threads at once, while others are spoken to. */
class LocalSinkStormIT {

  private static final int THREADS = 4;
  private static final int ROUNDS = 250;
  private static final int ALL = THREADS * ROUNDS;

  @RegisterExtension final Stage stage = new Stage();

  private final Map<StreamState, AtomicInteger> told = new ConcurrentHashMap<>();
  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lastOrdinal = new AtomicInteger(-1);

  private final class Sink implements StreamHandler {

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      told.computeIfAbsent(event.state(), state -> new AtomicInteger()).incrementAndGet();
      if (event.state() == StreamState.SINK_JOIN) {
        lastOrdinal.set((int) event.ordinal());
      }
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      received.add(payload.utf8());
      return StreamReturn.OK;
    }
  }

  private int told(StreamState state) {
    return told.getOrDefault(state, new AtomicInteger()).get();
  }

  @Test
  void everyoneIsCountedInAndOutAndNoMessageIsLost() {
    // Given
    SecureStreams streams = streams();
    StreamServer sink = streams.sink("log", new Sink());
    stage.ends(sink::destroy);
    Flux<Payload> news = Flux.interval(Duration.ofMillis(1)).map(tick -> Payload.utf8("news"));
    Disposable speaking = sink.broadcast(news).subscribe();

    // When
    Flux.range(0, THREADS)
        .flatMap(
            thread ->
                Flux.range(0, ROUNDS)
                    .concatMap(round -> visit(streams, thread + "/" + round))
                    .subscribeOn(Schedulers.boundedElastic()))
        .blockLast(SOON);
    speaking.dispose();

    // Then
    Stage.await("the last to part", () -> told(StreamState.SINK_PART) == ALL);
    Stage.await("the last side's end", () -> told(StreamState.DESTROYING) == ALL);
    assertThat(told(StreamState.SINK_JOIN)).isEqualTo(ALL);
    assertThat(told(StreamState.CREATING)).isEqualTo(ALL);
    assertThat(told(StreamState.CONNECTED)).isEqualTo(ALL);
    assertThat(told(StreamState.DISCONNECTED)).isEqualTo(ALL);
    assertThat(received).hasSize(ALL);
    assertThat(sink.clients()).isEmpty();
    assertThat(streams.openStreams()).as("the sink alone").isOne();
    visit(streams, "after the storm").block(SOON);
    assertThat(lastOrdinal).as("streams joined before").hasValue(0);
  }

  /** Joins, has one message taken, and parts. */
  private static Mono<Void> visit(SecureStreams streams, String message) {
    return Mono.defer(
        () -> {
          SecureStream source = streams.open("log", new StreamHandler() {});
          return source.tx().send(Payload.utf8(message)).doFinally(end -> source.destroy());
        });
  }

  private SecureStreams streams() {
    return stage.streams(new TestPolicy().stream("log", "'local_sink':true"));
  }
}
