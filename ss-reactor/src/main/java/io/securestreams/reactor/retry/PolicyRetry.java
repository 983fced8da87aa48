package io.securestreams.reactor.retry;

import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.retry.Backoff;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry;

/**
 * A retry scheme of the policy for any {@code Flux} or {@code Mono}: the waits of its table, its
 * jitter, which only adds, and its {@code conceal}.
 *
 * <p>It decides as a stream of that scheme does: both ask the same {@link Backoff}, once for every
 * failure. {@code conceal} retries follow one another before the failure comes through as {@link
 * Exceptions#isRetryExhausted retry exhausted}, with the last failure as its cause; {@link
 * RetryScheme#FOREVER} never gives up.
 *
 * <p><b>Shape</b>: immutable; every setting gives a new instance, and one instance serves any
 * number of sources, each with its own count. The source is subscribed again on the scheduler.
 *
 * <p><b>Units</b>: waits of 0..4294967295 ms, {@link #withFloor floors} included.
 *
 * <p>Source: policy key {@code retry[].*}.
 */
public final class PolicyRetry extends Retry {

  private static final Duration WAIT_MAX = Duration.ofMillis(0xffffffffL);

  private final RetryScheme scheme;
  private final Backoff backoff;
  private final IntSupplier draws;
  private final Scheduler scheduler;
  private final Predicate<? super Throwable> filter;
  private final Function<? super Throwable, Duration> floor;
  private final boolean transientErrors;

  private PolicyRetry(
      RetryScheme scheme,
      IntSupplier draws,
      Scheduler scheduler,
      Predicate<? super Throwable> filter,
      Function<? super Throwable, Duration> floor,
      boolean transientErrors) {
    this.scheme = scheme;
    this.backoff = Backoff.of(scheme);
    this.draws = draws;
    this.scheduler = scheduler;
    this.filter = filter;
    this.floor = floor;
    this.transientErrors = transientErrors;
  }

  /**
   * A retry that takes every failure, reads floors from {@link RetryAfterException} and counts
   * transient errors.
   *
   * @param scheme table, jitter and number of retries
   * @param draws gives uniform random numbers of 0..65535, one per failure; called from the threads
   *     on which sources fail
   * @param scheduler where waits pass
   */
  public static PolicyRetry of(RetryScheme scheme, IntSupplier draws, Scheduler scheduler) {
    return new PolicyRetry(
        Objects.requireNonNull(scheme, "scheme"),
        Objects.requireNonNull(draws, "draws"),
        Objects.requireNonNull(scheduler, "scheduler"),
        failure -> true,
        RetryAfterException::floorOf,
        true);
  }

  /**
   * Retries only certain failures; others pass through as they are.
   *
   * @param onlyIf true for failures to retry; replaces an earlier filter
   * @return a new instance
   */
  public PolicyRetry filter(Predicate<? super Throwable> onlyIf) {
    Objects.requireNonNull(onlyIf, "onlyIf");
    return new PolicyRetry(scheme, draws, scheduler, onlyIf, floor, transientErrors);
  }

  /**
   * Sets from what a failure's shortest wait is read; the table and its jitter still apply where
   * they give more. A floor does not make a failure retried, nor count differently.
   *
   * @param least the shortest wait after a failure; zero or negative for none, more than 4294967295
   *     ms counts as that. Without a call: {@link RetryAfterException#floorOf}
   * @return a new instance
   */
  public PolicyRetry withFloor(Function<? super Throwable, Duration> least) {
    Objects.requireNonNull(least, "least");
    return new PolicyRetry(scheme, draws, scheduler, filter, least, transientErrors);
  }

  /**
   * Says whether an element ends a series of failures.
   *
   * <p>If so, which is the case without a call, the count returns to 0 with every element, as that
   * of a stream does when its connection stands: {@code conceal} limits the failures in a row, and
   * a source that fails after its first element each time is retried for ever. If not, {@code
   * conceal} limits all failures of a subscription. Reactor's own specs start with the latter.
   *
   * @param resetByElement true if an element ends the series
   * @return a new instance
   */
  public PolicyRetry transientErrors(boolean resetByElement) {
    return new PolicyRetry(scheme, draws, scheduler, filter, floor, resetByElement);
  }

  @Override
  public Publisher<?> generateCompanion(Flux<RetrySignal> retrySignals) {
    return Flux.deferContextual(
        context ->
            retrySignals
                .contextWrite(context)
                .concatMap(signal -> next(signal.copy(), context))
                .onErrorStop());
  }

  private Mono<Long> next(RetrySignal signal, ContextView context) {
    Throwable failure = signal.failure();
    if (!filter.test(failure)) {
      return Mono.error(failure);
    }
    long before = transientErrors ? signal.totalRetriesInARow() : signal.totalRetries();
    Backoff.Decision decision =
        backoff.fail((int) Math.min(before, Backoff.COUNT_MAX), draws.getAsInt(), floorMs(failure));
    if (!decision.retry()) {
      return Mono.error(
          Exceptions.retryExhausted(
              "retry scheme \""
                  + scheme.name()
                  + "\" is exhausted after "
                  + decision.failures()
                  + (decision.failures() == 1 ? " failure" : " failures"),
              failure));
    }
    return Mono.delay(Duration.ofMillis(decision.delayMs()), scheduler).contextWrite(context);
  }

  private long floorMs(Throwable failure) {
    Duration least = floor.apply(failure);
    if (least.isNegative()) {
      return 0;
    }
    return least.compareTo(WAIT_MAX) > 0 ? WAIT_MAX.toMillis() : least.toMillis();
  }

  @Override
  public String toString() {
    return "PolicyRetry[" + scheme.name() + "]";
  }
}
