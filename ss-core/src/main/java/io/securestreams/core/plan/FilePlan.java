package io.securestreams.core.plan;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * One reading of a file.
 *
 * @param streamType for messages and logs
 * @param file what is read
 */
public record FilePlan(String streamType, Path file) implements ClientPlan {

  /** Checks the components. */
  public FilePlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(file, "file");
  }

  @Override
  public Set<Trait> traits() {
    return Set.of();
  }
}
