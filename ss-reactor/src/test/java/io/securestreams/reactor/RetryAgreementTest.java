package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.retry.RetryAfterException;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A stream and a {@code Retry} of the same scheme decide alike if chance is the same. */
class RetryAgreementTest {

  private static final String POLICY =
      """
      {"retry":[
         {"steps":{"backoff":[100,200,400,800],"conceal":5,"jitterpc":50}},
         {"never":{"backoff":[100],"conceal":0}},
         {"once":{"backoff":[3000],"conceal":1}},
         {"forever":{"backoff":[10,1000],"conceal":65535,"jitterpc":90}}],
       "s":[
         {"on-steps":{"endpoint":"h","port":80,"protocol":"ws","retry":"steps"}},
         {"on-never":{"endpoint":"h","port":80,"protocol":"ws","retry":"never"}},
         {"on-once":{"endpoint":"h","port":80,"protocol":"ws","retry":"once"}},
         {"on-forever":{"endpoint":"h","port":80,"protocol":"ws","retry":"forever"}},
         {"peer":{"server":true,"port":80,"protocol":"ws","metadata":[{"method":"","path":""}]}}]}
      """;

  private static final Duration LONG = Duration.ofDays(30);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final LocalTransport transport = LocalTransport.create();
  private final SecureStreams peers = builder(0).build();

  @AfterEach
  void closePeers() {
    peers.close();
  }

  @ParameterizedTest(name = "[{index}] scheme {0}, chance {1}, attempts {2}")
  @CsvSource({
    "steps,   1, x x x x x x",
    "steps,   2, x 1500 x 90 2500 x",
    "steps,   3, x x up x x up x x x x x",
    "steps,   4, up up up x x x x x",
    "never,   5, x",
    "never,   6, 5000",
    "once,    7, x x",
    "once,    8, 10000 x",
    "forever, 9, x x x up x x 86400000 x x up x x x x x x x x x x",
  })
  void aStreamAndARetryMakeTheSameAttempts(String scheme, long seed, String attempts) {
    List<String> plan = List.of(attempts.split(" "));

    List<Long> ofStream = attemptsOfStream("on-" + scheme, seed, plan);
    List<Long> ofRetry = attemptsOfRetry(scheme, seed, plan);

    assertThat(ofStream).hasSizeGreaterThanOrEqualTo(plan.size()).isEqualTo(ofRetry);
  }

  /** Times of the attempts, and the end of the series if it came: all since the first. */
  private List<Long> attemptsOfStream(String type, long seed, List<String> plan) {
    Deque<String> left = new ArrayDeque<>(plan);
    List<AcceptedStream> accepted = new ArrayList<>();
    peers
        .serve("peer")
        .accepted()
        .subscribe(
            stream -> {
              accepted.add(stream);
              stream.events().subscribe();
            });
    SecureStreams streams = builder(seed).build();
    List<Long> times = new ArrayList<>();
    SecureStream stream = streams.open(type);
    stream.connect();

    // What becomes of an attempt is arranged right before it is made.
    arrange(left);
    stream
        .events()
        .subscribe(
            event -> {
              switch (name(event)) {
                case "CONNECTING" -> times.add(now());
                case "UNREACHABLE" -> arrange(left);
                case "CONNECTED" -> {
                  arrange(left);
                  accepted.get(accepted.size() - 1).destroy();
                }
                case "ALL_RETRIES_FAILED" -> times.add(now());
                default -> {
                  // no attempt
                }
              }
              if (times.size() > plan.size()) {
                stream.destroy();
              }
            });
    time.advanceTimeBy(LONG);
    streams.close();
    return sinceFirst(times);
  }

  private void arrange(Deque<String> left) {
    String next = left.isEmpty() ? "x" : left.remove();
    if (!next.equals("up")) {
      transport.failNext(FailureKind.CONNECT, next.equals("x") ? 0 : Long.parseLong(next));
    }
  }

  private List<Long> attemptsOfRetry(String scheme, long seed, List<String> plan) {
    Deque<String> left = new ArrayDeque<>(plan);
    List<Long> times = new ArrayList<>();
    try (SecureStreams streams = builder(seed).build()) {
      Flux.defer(
              () -> {
                times.add(now());
                return times.size() > plan.size() ? Mono.just(0) : attempt(left.remove());
              })
          .retryWhen(streams.retry(scheme))
          .subscribe(
              element -> {},
              error -> {
                assertThat(Exceptions.isRetryExhausted(error)).isTrue();
                times.add(now());
              });
      time.advanceTimeBy(LONG);
    }
    return sinceFirst(times);
  }

  private static Flux<Integer> attempt(String outcome) {
    return switch (outcome) {
      case "x" -> Flux.error(new IOException("refused"));
      case "up" -> Flux.concat(Mono.just(1), Mono.error(new IOException("closed")));
      default ->
          Flux.error(new RetryAfterException("busy", Duration.ofMillis(Long.parseLong(outcome))));
    };
  }

  private SecureStreamsBuilder builder(long seed) {
    return SecureStreams.builder()
        .policy(POLICY)
        .transport(transport)
        .scheduler(time)
        .random(new Random(seed));
  }

  private long now() {
    return time.now(TimeUnit.MILLISECONDS);
  }

  private static String name(StreamEvent event) {
    return event instanceof StateEvent state ? state.state().name() : "";
  }

  private static List<Long> sinceFirst(List<Long> times) {
    return times.stream().map(time -> time - times.get(0)).toList();
  }
}
