package io.securestreams.reactor.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.policy.RetryScheme;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class PolicyRetryTest {

  private static final int LOWEST = 0;
  private static final int HIGHEST = 65535;
  private static final IOException FAILURE = new IOException("refused");

  static Stream<Arguments> schemes() {
    List<Long> table = List.of(1000L, 2000L, 3000L, 5000L, 10000L);
    return Stream.of(
        Arguments.of(
            "no draw, no jitter",
            scheme(table, 5, 20),
            LOWEST,
            List.of(1000L, 2000L, 3000L, 5000L, 10000L)),
        Arguments.of(
            "the highest draw adds just below the percentage",
            scheme(table, 5, 20),
            HIGHEST,
            List.of(1199L, 2399L, 3599L, 5999L, 11999L)),
        Arguments.of(
            "the last wait repeats",
            scheme(table, 7, 20),
            LOWEST,
            List.of(1000L, 2000L, 3000L, 5000L, 10000L, 10000L, 10000L)),
        Arguments.of(
            "the table may be longer than conceal",
            scheme(table, 2, 20),
            LOWEST,
            List.of(1000L, 2000L)),
        Arguments.of("conceal 0 never retries", scheme(table, 0, 20), LOWEST, List.of()),
        Arguments.of(
            "an empty table waits 3 s each",
            scheme(List.of(), 2, 20),
            LOWEST,
            List.of(3000L, 3000L)),
        Arguments.of("jitter 0 means 30", scheme(table, 1, 0), HIGHEST, List.of(1299L)),
        Arguments.of("jitter 255", scheme(table, 1, 255), HIGHEST, List.of(3549L)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schemes")
  void waitsAsTheTableSaysAndThenGivesUp(
      String name, RetryScheme scheme, int draw, List<Long> waits) {
    Attempts attempts = new Attempts();

    StepVerifier.withVirtualTime(
            () -> attempts.failing().retryWhen(retry(scheme, draw, UnaryOperator.identity())))
        .thenAwait(Duration.ofDays(1))
        .verifyErrorSatisfies(
            error -> {
              assertThat(Exceptions.isRetryExhausted(error)).isTrue();
              assertThat(error).hasCause(FAILURE).hasMessageContaining("\"demo\"");
            });

    assertThat(attempts.waits()).isEqualTo(waits);
  }

  @Test
  void waitsToTheMillisecond() {
    StepVerifier.withVirtualTime(
            () ->
                new Attempts()
                    .failing()
                    .retryWhen(retry(scheme(List.of(500L), 1, 20), HIGHEST, r -> r)))
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(599))
        .thenAwait(Duration.ofMillis(1))
        .verifyError();
  }

  @Test
  void drawsOncePerFailure() {
    Attempts attempts = new Attempts();
    Queue<Integer> draws = new ConcurrentLinkedQueue<>(List.of(0, 32768, 65535, 0));

    StepVerifier.withVirtualTime(
            () ->
                attempts
                    .failing()
                    .retryWhen(
                        PolicyRetry.of(
                            scheme(List.of(1000L), 3, 100),
                            draws::remove,
                            VirtualTimeScheduler.get())))
        .thenAwait(Duration.ofMinutes(1))
        .verifyError();

    assertThat(attempts.waits()).containsExactly(1000L, 1500L, 1999L);
    assertThat(draws).isEmpty();
  }

  @Test
  void concealingForeverOutlivesTheCounter() {
    AtomicInteger left = new AtomicInteger(70_000);
    RetryScheme forever = scheme(List.of(0L), RetryScheme.FOREVER, 20);

    StepVerifier.withVirtualTime(
            () ->
                Mono.fromCallable(
                        () -> {
                          if (left.getAndDecrement() > 0) {
                            throw FAILURE;
                          }
                          return "up";
                        })
                    .retryWhen(retry(forever, LOWEST, r -> r)))
        .thenAwait(Duration.ofHours(1))
        .expectNext("up")
        .verifyComplete();
  }

  @Test
  void anElementEndsASeriesOfFailures() {
    AtomicInteger subscriptions = new AtomicInteger();

    StepVerifier.withVirtualTime(
            () ->
                elementThenFailure(subscriptions)
                    .retryWhen(retry(scheme(List.of(1000L, 9000L), 1, 20), LOWEST, r -> r))
                    .take(4))
        .expectNext(1)
        .thenAwait(Duration.ofSeconds(1))
        .expectNext(2)
        .thenAwait(Duration.ofSeconds(1))
        .expectNext(3)
        .thenAwait(Duration.ofSeconds(1))
        .expectNext(4)
        .verifyComplete();
  }

  @Test
  void countsAllFailuresOfASubscriptionIfElementsDoNotEndASeries() {
    AtomicInteger subscriptions = new AtomicInteger();

    StepVerifier.withVirtualTime(
            () ->
                elementThenFailure(subscriptions)
                    .retryWhen(
                        retry(
                            scheme(List.of(1000L, 9000L), 2, 20),
                            LOWEST,
                            r -> r.transientErrors(false))))
        .expectNext(1)
        .thenAwait(Duration.ofSeconds(1))
        .expectNext(2)
        .expectNoEvent(Duration.ofMillis(8999))
        .thenAwait(Duration.ofMillis(1))
        .expectNext(3)
        .verifyErrorMatches(Exceptions::isRetryExhausted);
  }

  @Test
  void countsEachSubscriptionByItself() {
    Attempts attempts = new Attempts();

    StepVerifier.withVirtualTime(
            () -> {
              Flux<Object> source =
                  attempts
                      .failing()
                      .retryWhen(retry(scheme(List.of(1000L), 1, 20), LOWEST, r -> r));
              return source.onErrorResume(error -> source);
            })
        .thenAwait(Duration.ofMinutes(1))
        .verifyErrorMatches(Exceptions::isRetryExhausted);

    assertThat(attempts.waits()).containsExactly(1000L, 0L, 1000L);
  }

  @Test
  void waitsAtLeastAsLongAsThePeerAsked() {
    Attempts attempts = new Attempts();
    Queue<Throwable> failures =
        new ConcurrentLinkedQueue<>(
            List.of(
                new RetryAfterException("busy", Duration.ofSeconds(7)),
                new IllegalStateException(new RetryAfterException("busy", Duration.ofMillis(1))),
                new IllegalStateException(new RetryAfterException("busy", Duration.ofDays(999))),
                FAILURE));

    StepVerifier.withVirtualTime(
            () ->
                attempts
                    .failing(failures)
                    .retryWhen(retry(scheme(List.of(1000L, 2000L), 3, 20), LOWEST, r -> r)))
        .thenAwait(Duration.ofDays(1000))
        .verifyErrorSatisfies(error -> assertThat(error).hasCause(FAILURE));

    assertThat(attempts.waits()).containsExactly(7000L, 2000L, 4294967295L);
  }

  @Test
  void readsTheFloorFromWhateverTheCallerKnows() {
    Attempts attempts = new Attempts();

    StepVerifier.withVirtualTime(
            () ->
                attempts
                    .failing()
                    .retryWhen(
                        retry(
                            scheme(List.of(1000L), 1, 20),
                            LOWEST,
                            r -> r.withFloor(failure -> Duration.ofSeconds(4)))))
        .thenAwait(Duration.ofMinutes(1))
        .verifyErrorMatches(Exceptions::isRetryExhausted);

    assertThat(attempts.waits()).containsExactly(4000L);
  }

  @Test
  void aNegativeFloorIsNone() {
    Attempts attempts = new Attempts();

    StepVerifier.withVirtualTime(
            () ->
                attempts
                    .failing()
                    .retryWhen(
                        retry(
                            scheme(List.of(1000L), 1, 20),
                            LOWEST,
                            r -> r.withFloor(failure -> Duration.ofSeconds(-4)))))
        .thenAwait(Duration.ofMinutes(1))
        .verifyErrorMatches(Exceptions::isRetryExhausted);

    assertThat(attempts.waits()).containsExactly(1000L);
  }

  @Test
  void passesFilteredFailuresThroughAsTheyAre() {
    Attempts attempts = new Attempts();
    IllegalArgumentException fatal = new IllegalArgumentException("fatal");
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>(List.of(FAILURE, fatal));

    StepVerifier.withVirtualTime(
            () ->
                attempts
                    .failing(failures)
                    .retryWhen(
                        retry(
                            scheme(List.of(1000L), 9, 20),
                            LOWEST,
                            r -> r.filter(IOException.class::isInstance))))
        .thenAwait(Duration.ofMinutes(1))
        .verifyErrorSatisfies(error -> assertThat(error).isSameAs(fatal));

    assertThat(attempts.waits()).containsExactly(1000L);
  }

  @Test
  void everySettingGivesANewInstance() {
    PolicyRetry retry = PolicyRetry.of(scheme(List.of(), 1, 0), () -> 0, Schedulers.immediate());

    assertThat(retry.filter(error -> false)).isNotSameAs(retry);
    assertThat(retry.withFloor(error -> Duration.ZERO)).isNotSameAs(retry);
    assertThat(retry.transientErrors(false)).isNotSameAs(retry);
    assertThat(retry).hasToString("PolicyRetry[demo]");
  }

  @Test
  void givesTheSubscribersContextToTheWait() {
    List<String> seen = new ArrayList<>();

    StepVerifier.withVirtualTime(
            () ->
                Mono.deferContextual(
                        context -> {
                          seen.add(context.get("key"));
                          return Mono.error(FAILURE);
                        })
                    .retryWhen(retry(scheme(List.of(10L), 1, 20), LOWEST, r -> r))
                    .contextWrite(context -> context.put("key", "value")))
        .thenAwait(Duration.ofSeconds(1))
        .verifyError();

    assertThat(seen).containsExactly("value", "value");
  }

  @Test
  void cancellingEndsTheWait() {
    Attempts attempts = new Attempts();

    StepVerifier.withVirtualTime(
            () ->
                attempts.failing().retryWhen(retry(scheme(List.of(1000L), 9, 20), LOWEST, r -> r)))
        .expectSubscription()
        .thenAwait(Duration.ofMillis(1500))
        .thenCancel()
        .verify();

    assertThat(attempts.waits()).containsExactly(1000L);
  }

  @Test
  void aCircularChainOfCausesAsksForNothing() {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalStateException("second", first);
    first.initCause(second);

    assertThat(RetryAfterException.floorOf(first)).isZero();
  }

  @Test
  void refusesANegativeWait() {
    assertThatThrownBy(() -> new RetryAfterException("busy", Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PolicyRetry retry(
      RetryScheme scheme, int draw, UnaryOperator<PolicyRetry> settings) {
    return settings.apply(PolicyRetry.of(scheme, () -> draw, VirtualTimeScheduler.get()));
  }

  private static RetryScheme scheme(List<Long> table, int conceal, int jitter) {
    return new RetryScheme("demo", table, conceal, jitter, 0, 0);
  }

  private static Flux<Integer> elementThenFailure(AtomicInteger subscriptions) {
    return Flux.defer(
        () -> Flux.just(subscriptions.incrementAndGet()).concatWith(Mono.error(FAILURE)));
  }

  /** A source that fails, and remembers when it was subscribed. */
  private static final class Attempts {

    private final List<Long> times = new ArrayList<>();

    Flux<Object> failing() {
      return failing(new ConcurrentLinkedQueue<>());
    }

    Flux<Object> failing(Queue<Throwable> failures) {
      return Flux.defer(
          () -> {
            times.add(VirtualTimeScheduler.get().now(TimeUnit.MILLISECONDS));
            return Flux.error(failures.isEmpty() ? FAILURE : failures.remove());
          });
    }

    List<Long> waits() {
      List<Long> waits = new ArrayList<>();
      for (int i = 1; i < times.size(); i++) {
        waits.add(times.get(i) - times.get(i - 1));
      }
      return waits;
    }
  }
}
