package io.securestreams.reactor;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

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
  private static final int MOST_LINKS = 40;

  private final Path file;
  private final Duration look;
  private final WatchService service;
  private final byte[] first;
  private final Disposable.Swap loop = Disposables.swap();
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
    this.look = look;
    this.service = this.file.getFileSystem().newWatchService();
    register();
    this.first = content();
  }

  /**
   * Starts to tell of changes since the creation.
   *
   * @param threads runs the watch for as long as it lasts; its threads may block
   * @param changed called on that thread after each change
   */
  void start(Scheduler threads, Runnable changed) {
    loop.update(threads.schedule(() -> run(changed)));
  }

  private void run(Runnable changed) {
    byte[] known = first;
    try {
      while (!disposed) {
        await();
        register();
        byte[] now = content();
        if (!disposed && !Arrays.equals(known, now)) {
          known = now;
          changed.run();
        }
      }
    } catch (ClosedWatchServiceException closed) {
      LOGGER.atTrace().log("No longer watching {}", file);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until something changed and nothing more does, or the time for a look has come. */
  private void await() throws InterruptedException {
    WatchKey key = service.poll(look.toMillis(), TimeUnit.MILLISECONDS);
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

  /** Registering a directory again changes nothing. */
  private void register() {
    for (Path directory : directories(file)) {
      try {
        directory.register(
            service,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
      } catch (IOException gone) {
        LOGGER.atDebug().addKeyValue("directory", directory).log("Not watched, looked at instead");
      }
    }
  }

  /** The directories in which a change can lead to other content. */
  static Set<Path> directories(Path file) {
    Set<Path> directories = new LinkedHashSet<>();
    Deque<Path> ways = new ArrayDeque<>();
    ways.add(file);
    for (int links = 0; !ways.isEmpty() && links < MOST_LINKS; links++) {
      Path way = ways.remove();
      addParent(directories, way);
      for (Path part = way; part != null; part = part.getParent()) {
        if (Files.isSymbolicLink(part)) {
          addParent(directories, part);
          ways.add(target(part).resolve(part.relativize(way)).normalize());
          break;
        }
      }
    }
    return directories;
  }

  private static void addParent(Set<Path> directories, Path path) {
    Path parent = path.getParent();
    if (parent != null) {
      directories.add(parent);
    }
  }

  private static Path target(Path link) {
    try {
      return link.resolveSibling(Files.readSymbolicLink(link));
    } catch (IOException movedAway) {
      return link.resolveSibling("");
    }
  }

  /** A fingerprint of the content; empty if there is none to be had. */
  private byte[] content() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      return new byte[0];
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public void dispose() {
    disposed = true;
    loop.dispose();
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
