package io.securestreams.core.plan;

import java.util.Objects;
import java.util.Set;

/**
 * One connection that carries bytes and nothing else.
 *
 * @param streamType for messages and logs
 * @param target where to connect to
 * @param traits what else is done
 */
public record RawPlan(String streamType, Target target, Set<Trait> traits) implements ClientPlan {

  /** Copies the traits. */
  public RawPlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(target, "target");
    traits = Set.copyOf(traits);
  }
}
