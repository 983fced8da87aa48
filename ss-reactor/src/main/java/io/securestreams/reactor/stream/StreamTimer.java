package io.securestreams.reactor.stream;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** A wait that ends as an input of its stream, unless it was cancelled before. Mailbox only. */
final class StreamTimer {

  private final Disposable scheduled;
  private boolean cancelled;

  /**
   * Starts to wait.
   *
   * @param stream whose input the end is
   * @param delayMs how long, in ms
   * @param action the input
   */
  StreamTimer(StreamShell stream, long delayMs, Runnable action) {
    scheduled =
        stream
            .environment()
            .scheduler()
            .schedule(
                () ->
                    stream.submit(
                        () -> {
                          if (!cancelled) {
                            action.run();
                          }
                        }),
                delayMs,
                TimeUnit.MILLISECONDS);
  }

  /** Ends the wait without its input. */
  static void cancel(@Nullable StreamTimer timer) {
    if (timer != null) {
      timer.cancelled = true;
      timer.scheduled.dispose();
    }
  }
}
