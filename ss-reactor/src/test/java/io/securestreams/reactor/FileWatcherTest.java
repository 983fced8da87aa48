package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the watch on a file runs, and that it goes on. */
class FileWatcherTest {

  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final long HUGE = 3L << 30;

  @TempDir Path directory;

  @Test
  void hasAThreadOfItsOwnUntilItIsDisposed() throws IOException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    FileWatcher watcher = new FileWatcher(directory.resolve("file"), NEVER);
    watcher.start(() -> {});

    Thread thread = newSince(before).orElseThrow();
    assertThat(thread.isDaemon()).isTrue();

    watcher.dispose();
    Stage.await("the end of the thread", () -> !thread.isAlive());
    assertThat(watcher.isDisposed()).isTrue();
  }

  @Test
  void roundThatFailsIsNotTheLast() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    FileWatcher watcher = new FileWatcher(file, NEVER);
    BlockingQueue<Integer> rounds = new LinkedBlockingQueue<>();
    AtomicInteger count = new AtomicInteger();
    watcher.start(
        () -> {
          rounds.add(count.incrementAndGet());
          if (count.get() == 1) {
            throw new IllegalStateException("a round that fails");
          }
        });

    Files.writeString(file, "two");
    assertThat(rounds.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
    Files.writeString(file, "three");

    assertThat(rounds.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
    watcher.dispose();
  }

  @Test
  void readsNoMoreThanAPolicyCanHave() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.position(HUGE).write(ByteBuffer.allocate(1));
    }
    FileWatcher watcher = new FileWatcher(file, NEVER);
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    watcher.start(() -> told.add("changed"));

    Files.writeString(file, "two");

    assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("changed");
    watcher.dispose();
  }

  private static Optional<Thread> newSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> thread.getName().equals("ss-policy-watch"))
        .findFirst();
  }
}
