package io.securestreams.tool;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends a command in order when the process is told to stop (Ctrl-C): the streams are destroyed, and
 * their last events are printed before the process is gone.
 */
final class Interrupt {

  private static final long PATIENCE_MS = 2000;

  private Interrupt() {}

  /**
   * Does the work of a command.
   *
   * @param stop makes the work end soon; called if the process is told to stop meanwhile
   * @param work the work; what it gives is the result
   */
  static <T> T ending(Runnable stop, Supplier<T> work) {
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              await(ended);
            },
            "sstream-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      ended.countDown();
      disarm(hook);
    }
  }

  private static void disarm(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook is running, and was just let go on.
    }
  }

  private static void await(CountDownLatch ended) {
    try {
      boolean inTime = ended.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
      if (!inTime) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
