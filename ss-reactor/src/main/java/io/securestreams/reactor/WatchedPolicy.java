package io.securestreams.reactor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;

/** A policy that is read again whenever its file changes. */
final class WatchedPolicy {

  private WatchedPolicy() {}

  /**
   * Makes an instance that follows its policy's file.
   *
   * @param watched the file
   * @param input reads it
   * @param foundation reads the policy for the first time
   * @throws UncheckedIOException if the file cannot be watched
   */
  static SecureStreams open(
      PolicyWatch watched, PolicyInput input, Function<PolicyInput, Foundation> foundation) {
    // Before the file is read: a change from then on must not be missed.
    FileWatcher watcher = watcher(watched);
    try {
      SecureStreams streams = new SecureStreams(foundation.apply(input).with(watcher));
      watcher.start(() -> reload(streams, input));
      return streams;
    } catch (RuntimeException unusable) {
      watcher.dispose();
      throw unusable;
    }
  }

  private static FileWatcher watcher(PolicyWatch watched) {
    try {
      return new FileWatcher(watched.file(), watched.look());
    } catch (IOException unwatchable) {
      throw new UncheckedIOException(
          "cannot watch the policy " + watched.file() + "; give its path alone", unwatchable);
    }
  }

  /** What fails is told by the policy's events, and the next change is another chance. */
  private static void reload(SecureStreams streams, PolicyInput input) {
    streams.update(input).subscribe(swapped -> {}, toldAlready -> {});
  }
}
