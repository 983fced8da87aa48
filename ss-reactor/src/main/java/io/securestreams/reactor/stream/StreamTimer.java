package io.securestreams.reactor.stream;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A wait that ends as an input of its stream, unless it was cancelled before. Mailbox only, {@link
 * #run()} excepted.
 *
 * <p>Many streams may wait for long, so that a wait is one object, with an input that knows no
 * stream of its own where that is possible.
 */
final class StreamTimer implements Runnable {

  private final StreamShell stream;

  /** The input; null once cancelled. */
  @Nullable private Consumer<StreamShell> input;

  private final Disposable scheduled;

  /**
   * Starts to wait.
   *
   * @param stream whose input the end is
   * @param delayMs how long, in ms
   * @param input the input
   */
  StreamTimer(StreamShell stream, long delayMs, Consumer<StreamShell> input) {
    this.stream = stream;
    this.input = input;
    scheduled = stream.environment().scheduler().schedule(this, delayMs, TimeUnit.MILLISECONDS);
  }

  /** The wait is over; the scheduler's thread. */
  @Override
  public void run() {
    stream.submit(this::end);
  }

  private void end() {
    if (input != null) {
      input.accept(stream);
    }
  }

  /** Ends the wait without its input. */
  static void cancel(@Nullable StreamTimer timer) {
    if (timer != null) {
      timer.input = null;
      timer.scheduled.dispose();
    }
  }
}
