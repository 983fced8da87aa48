package io.securestreams.reactor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Notices that the content of a file changed, however that was done.
 *
 * <p>It watches every directory that the way to the file depends on: that of the file, and that of
 * each symbolic link before it. What counts in the end is the content alone.
 */
final class FileWatcher implements Disposable {

  private static final Logger LOGGER = LoggerFactory.getLogger(FileWatcher.class);

  /** A writer that is not done within this long is looked at in between. */
  private static final int MOST_ROUNDS = 20;

  private static final long QUIET_MS = 50;

  /**
   * The parser refuses what is longer, whatever it says; one more byte tells that from the longest.
   */
  private static final int MOST_BYTES = 16 * 1024 * 1024 + 1;

  private final Path file;
  private final long lookMs;
  private final WatchService service;
  private final DirectoryWatches directories;
  private final byte[] first;
  private volatile boolean disposed;

  /**
   * Remembers what the file is now.
   *
   * @param file the file; it need not exist
   * @param look how often to look without being told
   * @throws IOException if the file system cannot be watched
   */
  FileWatcher(Path file, Duration look) throws IOException {
    this.file = file.toAbsolutePath();
    this.lookMs = TimeUnit.MILLISECONDS.convert(look);
    this.service = this.file.getFileSystem().newWatchService();
    this.directories = new DirectoryWatches(service);
    directories.follow(this.file);
    this.first = content();
  }

  /**
   * Starts to tell of changes since the creation, on a thread that it has to itself: the watch
   * blocks for as long as it lasts, which no shared thread is there for.
   *
   * @param changed called on that thread after each change
   */
  void start(Runnable changed) {
    Thread thread = new Thread(() -> run(changed), "ss-policy-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Runnable changed) {
    byte[] known = first;
    try {
      while (!disposed) {
        await();
        known = look(known, changed);
      }
    } catch (ClosedWatchServiceException closed) {
      LOGGER.atTrace().log("No longer watching {}", file);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells of other content than what is known; what is known from now on. */
  private byte[] look(byte[] known, Runnable changed) {
    try {
      directories.follow(file);
      byte[] now = content();
      if (disposed || Arrays.equals(known, now)) {
        return known;
      }
      changed.run();
      return now;
    } catch (ClosedWatchServiceException closed) {
      throw closed;
    } catch (RuntimeException unexpected) {
      LOGGER.atWarn().setCause(unexpected).log("A look at {} failed, the next one may not", file);
      return known;
    }
  }

  /** Until something changed and nothing more does, or the time for a look has come. */
  private void await() throws InterruptedException {
    WatchKey key = service.poll(lookMs, TimeUnit.MILLISECONDS);
    for (int round = 0; key != null && round < MOST_ROUNDS; round++) {
      key.pollEvents();
      key.reset();
      key = service.poll(QUIET_MS, TimeUnit.MILLISECONDS);
    }
    if (key != null) {
      key.pollEvents();
      key.reset();
    }
  }

  /** A fingerprint of the content; empty if there is none to be had. */
  private byte[] content() {
    try (InputStream input = Files.newInputStream(file)) {
      return MessageDigest.getInstance("SHA-256").digest(input.readNBytes(MOST_BYTES));
    } catch (IOException unreadable) {
      return new byte[0];
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public void dispose() {
    disposed = true;
    try {
      service.close();
    } catch (IOException unclosed) {
      LOGGER.atDebug().setCause(unclosed).log("A watch was not closed");
    }
  }

  @Override
  public boolean isDisposed() {
    return disposed;
  }
}
