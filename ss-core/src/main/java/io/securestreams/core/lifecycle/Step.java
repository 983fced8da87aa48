package io.securestreams.core.lifecycle;

import java.util.List;

/**
 * What an input leads to.
 *
 * @param next the lifecycle from now on; take it before performing the effects
 * @param effects what to do, in this order; at most one {@link Effect.Emit}, and it is the last
 */
public record Step(Lifecycle next, List<Effect> effects) {

  /** Copies the list unless it is immutable already. */
  public Step {
    effects = List.copyOf(effects);
  }
}
