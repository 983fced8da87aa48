package io.securestreams.reactor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A policy file that is read again whenever it changes: {@code
 * SecureStreams.builder().policy(PolicyWatch.watch(path))}.
 *
 * <p>A changed file is put in force as {@link SecureStreams#updatePolicy(Path)} does; one that
 * cannot be used, or is gone, is reported, and the policy before it stays in force until the file
 * is good again. Replacing the file, writing into it, and moving symbolic links on the way to it
 * (as Kubernetes does with the files of a ConfigMap) are all noticed.
 *
 * @param file the policy
 * @param look how often to look for changes that the file system did not report, as network file
 *     systems do not
 */
public record PolicyWatch(Path file, Duration look) {

  private static final Duration LOOK = Duration.ofSeconds(10);

  /** Checks the components. */
  public PolicyWatch {
    Objects.requireNonNull(file, "file");
    if (Objects.requireNonNull(look, "look").isNegative() || look.isZero()) {
      throw new IllegalArgumentException("the time between two looks must be positive: " + look);
    }
  }

  /**
   * Watches a file; unreported changes are found after 10 s at most.
   *
   * @param file a JSON policy
   */
  public static PolicyWatch watch(Path file) {
    return new PolicyWatch(file, LOOK);
  }
}
