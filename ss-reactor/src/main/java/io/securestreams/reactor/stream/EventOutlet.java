package io.securestreams.reactor.stream;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StreamEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * Hands the events of one stream to its one subscriber, as fast as that asks for them.
 *
 * <p>All methods but those of {@link Subscription} are called inside the stream's mailbox.
 */
final class EventOutlet implements Subscription {

  private static final AtomicLongFieldUpdater<EventOutlet> REQUESTED =
      AtomicLongFieldUpdater.newUpdater(EventOutlet.class, "requested");

  private static final Logger LOGGER = LoggerFactory.getLogger(EventOutlet.class);

  private final CoreSubscriber<? super StreamEvent> actual;
  private final StreamShell stream;

  private volatile long requested;
  private volatile boolean cancelled;

  @Nullable private ArrayDeque<StreamEvent> backlog;
  private boolean ended;
  private boolean completed;

  EventOutlet(CoreSubscriber<? super StreamEvent> actual, StreamShell stream) {
    this.actual = actual;
    this.stream = stream;
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      Operators.addCap(REQUESTED, this, n);
      stream.poke();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    stream.destroy();
  }

  /** Who receives the events. */
  CoreSubscriber<? super StreamEvent> actual() {
    return actual;
  }

  /** True if the subscriber wants nothing more. */
  boolean isCancelled() {
    return cancelled;
  }

  /** Events that the subscriber did not ask for yet. */
  int undelivered() {
    return backlog == null ? 0 : backlog.size();
  }

  /** Events that may still be delivered, those waiting already subtracted; may be unbounded. */
  long demand() {
    long open = requested;
    return open == Long.MAX_VALUE ? open : Math.max(0, open - undelivered());
  }

  /** Delivers the event now, or keeps it in order until it is asked for. */
  void offer(StreamEvent event) {
    if (cancelled) {
      Operators.onDiscardMultiple(payloads(List.of(event)), actual.currentContext());
      return;
    }
    if (undelivered() == 0 && requested > 0) {
      deliver(event);
      return;
    }
    if (backlog == null) {
      backlog = new ArrayDeque<>();
    }
    backlog.add(event);
  }

  /** Delivers what was asked for meanwhile. */
  void settle() {
    if (backlog != null) {
      while (!cancelled && requested > 0 && !backlog.isEmpty()) {
        deliver(backlog.remove());
      }
      if (cancelled) {
        Operators.onDiscardMultiple(payloads(backlog), actual.currentContext());
        backlog = null;
      }
    }
    if (ended && !completed && !cancelled && undelivered() == 0) {
      completed = true;
      actual.onComplete();
    }
  }

  /** Nothing follows; completes once all events are delivered. */
  void end() {
    ended = true;
  }

  /** There was nothing, and nothing follows. */
  void fail(Throwable cause) {
    if (!completed && !cancelled) {
      completed = true;
      actual.onError(cause);
    }
  }

  private void deliver(StreamEvent event) {
    if (requested != Long.MAX_VALUE) {
      REQUESTED.decrementAndGet(this);
    }
    try {
      actual.onNext(event);
    } catch (Throwable failure) {
      // Its signal must not break off what the stream is in the middle of.
      Exceptions.throwIfFatal(failure);
      LOGGER
          .atError()
          .addKeyValue("streamType", stream.streamType())
          .setCause(failure)
          .log("A subscriber threw; its stream is destroyed");
      stream.failed();
      cancel();
    }
  }

  private static Stream<Payload> payloads(Collection<StreamEvent> events) {
    return events.stream()
        .filter(PayloadEvent.class::isInstance)
        .map(event -> ((PayloadEvent) event).payload());
  }
}
