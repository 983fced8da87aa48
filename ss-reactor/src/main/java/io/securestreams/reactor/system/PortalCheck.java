package io.securestreams.reactor.system;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.PortalVerdict;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Finds out whether there is a captive portal. Each check begins with nothing known, and its first
 * verdict stays until the next one begins. Safe from any thread. Source: {@code
 * lws_system_cpd_start}.
 */
public final class PortalCheck {

  /** The stream type whose request tells. Source: the policy language. */
  public static final String STREAM_TYPE = "captive_portal_detect";

  /** A check without an answer by then has failed. Source: {@code lws_system_cpd_start}. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final Scheduler scheduler;
  private final Sinks.Many<PortalVerdict> told = Sinks.many().replay().latest();

  /** Verdicts in the order in which they came, for the one thread that tells them. */
  private final Queue<PortalVerdict> untold = new ConcurrentLinkedQueue<>();

  private final AtomicInteger tellers = new AtomicInteger();
  private PortalVerdict verdict = PortalVerdict.UNKNOWN;

  /** The check that is under way; the verdict is UNKNOWN then. */
  @Nullable private Run running;

  /**
   * Begins with nothing known.
   *
   * @param scheduler measures the time limit
   */
  public PortalCheck(Scheduler scheduler) {
    this.scheduler = scheduler;
    told.tryEmitNext(verdict);
  }

  /** A check under way. */
  private static final class Run {

    private final Sinks.One<PortalVerdict> outcome = Sinks.one();
    private final Disposable.Swap request = Disposables.swap();

    void is(PortalVerdict found) {
      request.dispose();
      outcome.tryEmitValue(found);
    }
  }

  /** The verdicts from the latest on; completes with {@link #close()}. */
  public Flux<PortalVerdict> verdicts() {
    return told.asFlux();
  }

  /**
   * Checks, or joins the check that is under way.
   *
   * @param request events of a new stream of type {@link #STREAM_TYPE}
   * @return the verdict, or the error of the events; starts once subscribed, and goes on without
   *     subscribers; empty if the context is closed meanwhile
   */
  public Mono<PortalVerdict> check(Flux<StreamEvent> request) {
    return Mono.defer(() -> joined(request).outcome.asMono());
  }

  /** A redirect was the sign of a captive portal, whichever stream met it. */
  public void redirected() {
    Run run;
    synchronized (this) {
      if (verdict != PortalVerdict.UNKNOWN) {
        return;
      }
      know(PortalVerdict.CAPTIVE_PORTAL);
      run = end();
    }
    tell();
    if (run != null) {
      run.is(PortalVerdict.CAPTIVE_PORTAL);
    }
  }

  /** Ends the check that is under way without a verdict. */
  public void close() {
    Run run;
    synchronized (this) {
      run = end();
    }
    if (run != null) {
      run.request.dispose();
      run.outcome.tryEmitEmpty();
    }
    told.tryEmitComplete();
  }

  private Run joined(Flux<StreamEvent> request) {
    Run run;
    synchronized (this) {
      if (running != null) {
        return running;
      }
      run = new Run();
      running = run;
      know(PortalVerdict.UNKNOWN);
    }
    tell();
    run.request.update(
        request
            .ofType(StateEvent.class)
            .mapNotNull(event -> verdictOf(event).orElse(null))
            .next()
            .defaultIfEmpty(PortalVerdict.NO_INTERNET)
            .timeout(LIMIT, Mono.just(PortalVerdict.NO_INTERNET), scheduler)
            .subscribe(found -> conclude(run, found), cause -> fail(run, cause)));
    return run;
  }

  /**
   * What a state of the check's stream proves.
   *
   * @return empty if it proves nothing
   */
  static Optional<PortalVerdict> verdictOf(StateEvent event) {
    return switch (event.state()) {
      case QOS_ACK_REMOTE -> Optional.of(PortalVerdict.INTERNET_OK);
      case UNREACHABLE ->
          event
              .failureKind()
              .filter(FailureKind.PORTAL::equals)
              .map(k -> PortalVerdict.CAPTIVE_PORTAL);
      case QOS_NACK_REMOTE, DISCONNECTED, ALL_RETRIES_FAILED, TIMEOUT ->
          Optional.of(PortalVerdict.NO_INTERNET);
      default -> Optional.empty();
    };
  }

  private void conclude(Run run, PortalVerdict found) {
    synchronized (this) {
      if (running != run) {
        return;
      }
      know(found);
      running = null;
    }
    tell();
    run.is(found);
  }

  /** The stream could not be opened: nothing is known then. */
  private void fail(Run run, Throwable cause) {
    synchronized (this) {
      if (running == run) {
        running = null;
      }
    }
    run.outcome.tryEmitError(cause);
  }

  @Nullable
  private Run end() {
    Run run = running;
    running = null;
    return run;
  }

  private void know(PortalVerdict found) {
    if (verdict != found) {
      verdict = found;
      untold.add(found);
    }
  }

  /** One thread at a time tells, outside of the lock. */
  private void tell() {
    if (tellers.getAndIncrement() == 0) {
      do {
        PortalVerdict next = untold.poll();
        if (next != null) {
          told.tryEmitNext(next);
        }
      } while (tellers.decrementAndGet() != 0);
    }
  }
}
