package io.securestreams.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket to the echo, on which messages go round: each one received sends the next, on the
 * thread that received it.
 */
public abstract class EchoLine implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final int size;
  private int unsent;
  private int missing;
  private volatile CountDownLatch done = new CountDownLatch(0);

  EchoLine(int size) {
    this.size = size;
  }

  /**
   * Makes round trips and waits for the last.
   *
   * @param count how many
   * @param window how many are under way at a time
   */
  public final void roundTrips(int count, int window) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    unsent = count - window;
    missing = count;
    done = latch;
    begin(
        () -> {
          for (int i = 0; i < window; i++) {
            send();
          }
        });
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(missing + " of " + count + " messages did not come back");
    }
  }

  /** Runs the first sends where {@link #send()} may be called. */
  abstract void begin(Runnable sends);

  /** Sends one message. */
  abstract void send();

  /** To be called for every message, on one thread. */
  final void received(int bytes) {
    if (bytes != size) {
      throw new IllegalStateException("got " + bytes + " bytes instead of " + size);
    }
    if (unsent > 0) {
      unsent--;
      send();
    }
    if (--missing == 0) {
      done.countDown();
    }
  }

  @Override
  public abstract void close();
}
