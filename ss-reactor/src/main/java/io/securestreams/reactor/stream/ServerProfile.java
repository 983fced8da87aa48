package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.LifecycleProfile;
import io.securestreams.core.plan.Planner;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.StreamType;
import java.util.Objects;

/**
 * What a listener shares with the streams it accepts.
 *
 * @param type the stream type
 * @param lifecycle its facts for the lifecycle
 * @param plan what to bind and what to speak there
 */
record ServerProfile(StreamType type, LifecycleProfile lifecycle, ServerPlan plan) {

  /** Checks the components. */
  ServerProfile {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(lifecycle, "lifecycle");
    Objects.requireNonNull(plan, "plan");
  }

  /**
   * The profile of a server stream type.
   *
   * @param type the stream type
   */
  static ServerProfile of(StreamType type) {
    return new ServerProfile(type, LifecycleProfile.of(type), Planner.server(type));
  }
}
