package io.securestreams.reactor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watches on the directories that the way to a file depends on now. For one thread. */
final class DirectoryWatches {

  private static final Logger LOGGER = LoggerFactory.getLogger(DirectoryWatches.class);

  /** As many as the platforms follow before they call it a loop. */
  private static final int MOST_LINKS = 40;

  private final WatchService service;
  private Set<WatchKey> keys = Set.of();

  /**
   * Starts without watches.
   *
   * @param service where changes are told; closed by its owner
   */
  DirectoryWatches(WatchService service) {
    this.service = service;
  }

  /**
   * Watches what the way to a file depends on, and nothing else any longer: each release of a
   * deployment may come in a directory of its own.
   *
   * @param file an absolute path; what does not exist is left out
   */
  void follow(Path file) {
    Set<WatchKey> needed = new HashSet<>();
    for (Path directory : directories(file)) {
      try {
        // The key of a directory that is watched already is the same again.
        needed.add(
            directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE));
      } catch (IOException gone) {
        LOGGER.atDebug().addKeyValue("directory", directory).log("Not watched, looked at instead");
      }
    }
    keys.stream().filter(key -> !needed.contains(key)).forEach(WatchKey::cancel);
    keys = needed;
  }

  /**
   * The directories in which a change can lead to another file: that of each symbolic link on the
   * way, and that of the file at its end. None of them has a link in its own path.
   *
   * @param file an absolute path
   */
  static Set<Path> directories(Path file) {
    Set<Path> directories = new LinkedHashSet<>();
    Deque<Path> ahead = new ArrayDeque<>();
    Path here = enter(file, file, ahead);
    int links = 0;
    while (!ahead.isEmpty()) {
      Path next = step(here, ahead.pop());
      if (!Files.isSymbolicLink(next)) {
        here = next;
        continue;
      }
      directories.add(here);
      links++;
      if (links == MOST_LINKS) {
        return directories;
      }
      here = enter(target(next), here, ahead);
    }
    directories.add(parent(here));
    return directories;
  }

  /** Puts the names of a path ahead; where they begin, which is here unless it is absolute. */
  private static Path enter(Path path, Path here, Deque<Path> ahead) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      ahead.push(path.getName(i));
    }
    Path root = path.getRoot();
    return root == null ? here : root;
  }

  /** The way up is that of the directory itself, as nothing before it is a link any more. */
  private static Path step(Path here, Path name) {
    return switch (name.toString()) {
      case "", "." -> here;
      case ".." -> parent(here);
      default -> here.resolve(name);
    };
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** A link that was just moved away leads to where it stood; its directory tells of the next. */
  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException movedAway) {
      return link.getFileSystem().getPath(".");
    }
  }
}
