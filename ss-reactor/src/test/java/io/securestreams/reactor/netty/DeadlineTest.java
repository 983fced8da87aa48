package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private static final long FAR = TimeUnit.HOURS.toNanos(1);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger expired = new AtomicInteger();
  private final Deadline deadline = new Deadline(channel.eventLoop(), expired::incrementAndGet);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Runs scheduled tasks until one has to wait for long, and tells for how long. */
  private long runDueTasks() {
    long wait = channel.runScheduledPendingTasks();
    while (wait >= 0 && wait < TimeUnit.SECONDS.toNanos(1)) {
      LockSupport.parkNanos(wait);
      wait = channel.runScheduledPendingTasks();
    }
    return wait;
  }

  @Test
  void expiresOnce() {
    deadline.arm(1);
    runDueTasks();
    runDueTasks();

    assertThat(expired).hasValue(1);
  }

  @Test
  void canBeLifted() {
    deadline.arm(1);
    deadline.disarm();
    runDueTasks();

    assertThat(expired).hasValue(0);
  }

  @Test
  void canBeMovedFurtherAway() {
    deadline.arm(1);
    deadline.arm(FAR);
    deadline.disarm();
    deadline.arm(FAR);

    // The tick stays short: the tasks that come too early only look.
    channel.runScheduledPendingTasks();
    assertThat(expired).hasValue(0);
    deadline.stop();
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  @Test
  void canBeMovedNearer() {
    deadline.arm(FAR);
    deadline.arm(1);
    runDueTasks();

    assertThat(expired).hasValue(1);
  }

  @Test
  void keepsOneTaskHoweverOftenItIsMoved() {
    deadline.arm(FAR);
    for (int i = 0; i < 100; i++) {
      deadline.disarm();
      deadline.arm(FAR);
    }
    deadline.stop();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }
}
