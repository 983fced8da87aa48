package io.securestreams.reactor.stream;

import io.securestreams.reactor.api.AcceptedStream;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Hands accepted streams to the one subscriber of their listener, as fast as that asks for them.
 *
 * <p>All methods but those of {@link Subscription} are called inside the listener's mailbox.
 */
final class AcceptedOutlet implements Subscription {

  private static final AtomicLongFieldUpdater<AcceptedOutlet> REQUESTED =
      AtomicLongFieldUpdater.newUpdater(AcceptedOutlet.class, "requested");

  private final CoreSubscriber<? super AcceptedStream> actual;
  private final Runnable whenAsked;
  private final Runnable whenCancelled;

  private volatile long requested;
  private boolean completed;

  /**
   * An outlet that was asked for nothing.
   *
   * @param actual who receives the streams
   * @param whenAsked run after each request
   * @param whenCancelled run when the subscriber wants nothing more
   */
  AcceptedOutlet(
      CoreSubscriber<? super AcceptedStream> actual, Runnable whenAsked, Runnable whenCancelled) {
    this.actual = actual;
    this.whenAsked = whenAsked;
    this.whenCancelled = whenCancelled;
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      Operators.addCap(REQUESTED, this, n);
      whenAsked.run();
    }
  }

  @Override
  public void cancel() {
    whenCancelled.run();
  }

  /** True if another stream is asked for. */
  boolean isAsked() {
    return requested > 0 && !completed;
  }

  /** Hands over as many of those that wait as are asked for. */
  void deliver(Supplier<? extends @Nullable AcceptedStream> waiting) {
    while (isAsked()) {
      AcceptedStream stream = waiting.get();
      if (stream == null) {
        return;
      }
      if (requested != Long.MAX_VALUE) {
        REQUESTED.decrementAndGet(this);
      }
      actual.onNext(stream);
    }
  }

  /** Nothing follows. */
  void complete() {
    if (!completed) {
      completed = true;
      actual.onComplete();
    }
  }

  /** Nothing could be accepted. */
  void fail(Throwable cause) {
    completed = true;
    actual.onError(cause);
  }
}
