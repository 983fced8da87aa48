package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LifecycleProfile;
import io.securestreams.core.lifecycle.Validity;
import io.securestreams.core.plan.Planner;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import java.util.Objects;
import java.util.Optional;

/**
 * What all client streams of one type share.
 *
 * @param type the stream type
 * @param beginning the lifecycle of each before its creation
 * @param planner makes the plan of each attempt
 * @param validity when to ping and hang up; empty where the protocol or the policy has no checks
 */
record ClientProfile(
    StreamType type, Lifecycle beginning, Planner planner, Optional<Validity> validity) {

  /** Checks the components. */
  ClientProfile {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(beginning, "beginning");
    Objects.requireNonNull(planner, "planner");
    Objects.requireNonNull(validity, "validity");
  }

  /**
   * The profile of a client stream type.
   *
   * @param type the stream type
   * @param policy has the stream types whose payload rides with its own
   */
  static ClientProfile of(StreamType type, PolicyDatabase policy) {
    Optional<Validity> validity =
        isChecked(type)
            ? Optional.of(Validity.of(type.retry())).filter(watch -> watch.hangupMs() > 0)
            : Optional.empty();
    Planner planner = Planner.of(type, policy::streamType);
    Lifecycle beginning = Lifecycle.client(LifecycleProfile.of(type));
    return new ClientProfile(type, beginning, planner, validity);
  }

  /** The facts of the stream type for the lifecycle. */
  LifecycleProfile lifecycle() {
    return beginning.profile();
  }

  /** True if streams of it behave as by another profile. */
  boolean isLike(ClientProfile other) {
    return type.equals(other.type) && planner.parts().equals(other.planner.parts());
  }

  /**
   * A response over h2 has time limits of its own, which are stricter than the checks of a stream
   * type without a retry scheme, unless the response may pause.
   */
  private static boolean isChecked(StreamType type) {
    return switch (type.protocol()) {
      case WS -> true;
      case H2 -> type.retry().isPresent() || type.strategy().contains(Strategy.LONG_POLL);
      case H1, H3, MQTT, RAW -> false;
    };
  }
}
