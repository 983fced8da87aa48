package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Many streams begin on several threads at once, while the connections that they share are refused
 * streams, reset, told to go away, closed, or too old: every stream ends, and legally.
 */
@ExtendWith(LeakCheck.class)
class SharedConnectionRacesIT {

  private static final int STREAMS = 150;
  private static final int REFUSED_STREAM = 7;

  /** What a series of attempts may look like. */
  private static final Pattern LEGAL =
      Pattern.compile(
          "CREATING CONNECTING( UNREACHABLE POLL CONNECTING)*"
              + "( UNREACHABLE ALL_RETRIES_FAILED|( CONNECTED)( QOS_ACK_REMOTE)? DISCONNECTED)");

  @RegisterExtension final Stage stage = new Stage();

  private final Scheduler threads = Schedulers.newParallel("races", 4);

  @AfterEach
  void stopThreads() {
    threads.dispose();
  }

  /** One connection: some answers, among them refusals, and then an end of some kind. */
  private static void live(H2Peer h2, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed * 1000 + h2.number());
    int answers = random.nextInt(30);
    int last = 0;
    try {
      for (int i = 0; i < answers; i++) {
        last = h2.next(H2Peer.HEADERS).stream();
        switch (random.nextInt(6)) {
          case 0 -> h2.reset(last, REFUSED_STREAM);
          case 1 -> {
            h2.head(last, false, 200);
            h2.data(last, true, "x");
          }
          case 2 -> {
            h2.head(last, false, 200);
            h2.reset(last, 0);
          }
          default -> h2.head(last, true, 200);
        }
      }
      switch (random.nextInt(3)) {
        case 0 -> {
          h2.goAway(last, 0);
          h2.drain();
        }
        case 1 -> h2.connection().reset();
        default -> h2.goAway(0, 0);
      }
    } catch (EOFException closed) {
      // The connection had grown too old.
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyStreamEnds(long seed) {
    // Given
    Http2Settings settings = new Http2Settings().maxConcurrentStreams(1 + seed);
    RawPeer peer = stage.with(H2Peer.serving(settings, h2 -> live(h2, seed)));
    TestPolicy policy =
        new TestPolicy()
            .retry("r9", 9, 1)
            .client(
                "x",
                "h2",
                peer.port(),
                "'http_method':'GET','h2_prior_knowledge':true,'opportunistic':true,"
                    + "'retry':'r9'");
    TransportSettings young =
        TransportSettings.DEFAULTS.withConnectionAge(Duration.ofMillis(seed * 5));
    SecureStreams streams = stage.streams(policy, builder -> builder.settings(young));

    // When
    List<String> ends =
        Flux.range(0, STREAMS)
            .flatMap(i -> life(streams).subscribeOn(threads), STREAMS)
            .collectList()
            .blockOptional(SOON)
            .orElseThrow();

    // Then
    assertThat(ends).hasSize(STREAMS).allMatch(end -> LEGAL.matcher(end).matches());
    assertThat(ends).filteredOn(end -> end.contains("QOS_ACK_REMOTE")).isNotEmpty();
    assertThat(peer.connections()).isGreaterThan(1);
  }

  private static Mono<String> life(SecureStreams streams) {
    return streams
        .events("x", SecureStream::connect)
        .takeUntil(event -> event instanceof StateEvent state && isLast(state))
        .filter(StateEvent.class::isInstance)
        .map(Words::of)
        .collect(Collectors.joining(" "));
  }

  private static boolean isLast(StateEvent event) {
    return event.state() == StreamState.DISCONNECTED
        || event.state() == StreamState.ALL_RETRIES_FAILED;
  }
}
