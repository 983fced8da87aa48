package io.securestreams.reactor.transport.http;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The limit of the time without progress. Progress is frequent and only noted; the one timer looks
 * at the note when it fires. Used on one event loop.
 */
final class ServerDeadline {

  private final EventExecutor loop;
  private final long limit;
  private final Runnable passed;

  private boolean running;
  private boolean armed;
  private long progress;

  /**
   * A deadline that does not run.
   *
   * @param loop where it is used
   * @param limit the longest time without progress
   * @param passed called when it passes
   */
  ServerDeadline(EventExecutor loop, Duration limit, Runnable passed) {
    this.loop = loop;
    this.limit = limit.toNanos();
    this.passed = passed;
  }

  /** Starts, or starts again. */
  void start() {
    running = true;
    progress = loop.ticker().nanoTime();
    if (!armed) {
      arm(limit);
    }
  }

  /** Notes progress. */
  void progress() {
    progress = loop.ticker().nanoTime();
  }

  /** True between start and stop. */
  boolean isRunning() {
    return running;
  }

  /** Stops; the timer may still fire, for nothing. */
  void stop() {
    running = false;
  }

  private void arm(long nanos) {
    armed = true;
    loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS).addListener(timer -> {});
  }

  private void look() {
    armed = false;
    if (!running) {
      return;
    }
    long left = limit - (loop.ticker().nanoTime() - progress);
    if (left > 0) {
      arm(left);
    } else {
      running = false;
      passed.run();
    }
  }
}
