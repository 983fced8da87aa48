package io.securestreams.reactor.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit of one connection that is moved far more often than it passes.
 *
 * <p>Arming only notes the time; at most one task is scheduled, and looks again when it comes too
 * early. All calls, and the one that tells the end, happen on the connection's event loop.
 */
public final class Deadline implements Runnable {

  private final EventExecutor loop;
  private final Runnable expired;

  @Nullable private ScheduledFuture<?> task;
  private long tick = Long.MAX_VALUE;
  private long due;
  private boolean armed;

  /**
   * Creates a limit that is not armed.
   *
   * @param loop the connection's event loop
   * @param expired called once each time an armed limit passes
   */
  public Deadline(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /**
   * Starts the limit, or starts it again.
   *
   * @param nanos time from now, in ns, 1 or more
   */
  public void arm(long nanos) {
    armed = true;
    due = System.nanoTime() + nanos;
    if (nanos < tick) {
      // The pending task would come too late.
      tick = nanos;
      cancelTask();
    }
    if (task == null) {
      schedule(nanos);
    }
  }

  /**
   * Starts the limit unless one is running that passes earlier.
   *
   * @param nanos time from now, in ns, 1 or more
   */
  public void armBy(long nanos) {
    if (!armed || due - System.nanoTime() > nanos) {
      arm(nanos);
    }
  }

  /** Lifts the limit. */
  public void disarm() {
    armed = false;
  }

  /** Lifts the limit for good and forgets its task. */
  public void stop() {
    armed = false;
    cancelTask();
  }

  @Override
  public void run() {
    task = null;
    if (!armed) {
      return;
    }
    long rest = due - System.nanoTime();
    if (rest > 0) {
      schedule(rest);
    } else {
      armed = false;
      expired.run();
    }
  }

  private void schedule(long nanos) {
    // Never further away than the shortest limit in use, so that arming need not look.
    task = loop.schedule(this, Math.min(nanos, tick), TimeUnit.NANOSECONDS);
  }

  private void cancelTask() {
    ScheduledFuture<?> pending = task;
    if (pending != null) {
      task = null;
      pending.cancel(false);
    }
  }
}
