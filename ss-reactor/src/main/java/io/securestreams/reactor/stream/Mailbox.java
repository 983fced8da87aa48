package io.securestreams.reactor.stream;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.concurrent.Queues;

/**
 * Serialises everything that happens to one stream, without a thread of its own: whoever comes
 * first works for all who come meanwhile.
 *
 * <p>A task submitted from inside another one runs after it. That is what makes nested calls from
 * callbacks safe. There is one for each stream: it names what it settles by its class, not by a
 * field.
 */
abstract class Mailbox {

  private static final AtomicIntegerFieldUpdater<Mailbox> PENDING =
      AtomicIntegerFieldUpdater.newUpdater(Mailbox.class, "pending");

  private static final Logger LOGGER = LoggerFactory.getLogger(Mailbox.class);

  private volatile int pending;
  @Nullable private volatile Queue<Runnable> queue;

  /** Runs after each round of tasks: brings what depends on several of them up to date. */
  abstract void settle();

  /** Runs the task now if nothing else runs, else after everything submitted before it. */
  final void submit(Runnable task) {
    if (pending == 0 && PENDING.compareAndSet(this, 0, 1)) {
      run(task);
      finishRounds();
      return;
    }
    queue().add(task);
    if (PENDING.getAndIncrement(this) == 0) {
      finishRounds();
    }
  }

  /** Enters without a task if nothing else runs; {@link #leave()} must follow a true. */
  final boolean tryEnter() {
    return pending == 0 && PENDING.compareAndSet(this, 0, 1);
  }

  /** Ends what {@link #tryEnter()} began, and does what came meanwhile. */
  final void leave() {
    finishRounds();
  }

  /** Has the settle step run soon, without a task. */
  final void poke() {
    if (PENDING.getAndIncrement(this) == 0) {
      finishRounds();
    }
  }

  private void finishRounds() {
    int missed;
    do {
      // What came until now, also from inside the task before, needs one round together.
      missed = pending;
      Queue<Runnable> tasks = queue;
      if (tasks != null) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          run(task);
        }
      }
      runSettle();
    } while (PENDING.addAndGet(this, -missed) != 0);
  }

  /** A subscriber that throws must not stop the stream for good. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failure) {
      report(failure);
    }
  }

  private void runSettle() {
    try {
      settle();
    } catch (RuntimeException failure) {
      report(failure);
    }
  }

  private static void report(RuntimeException failure) {
    LOGGER.atError().setCause(failure).log("A signal of a stream was not handled");
  }

  private Queue<Runnable> queue() {
    Queue<Runnable> tasks = queue;
    if (tasks == null) {
      synchronized (this) {
        tasks = queue;
        if (tasks == null) {
          tasks = Queues.<Runnable>unboundedMultiproducer().get();
          queue = tasks;
        }
      }
    }
    return tasks;
  }
}
