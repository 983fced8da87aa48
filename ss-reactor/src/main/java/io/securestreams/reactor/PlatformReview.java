package io.securestreams.reactor;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.netty.QuicDialer;
import java.util.List;
import java.util.Optional;

/** Tells what of a policy this process cannot do, because of the machine or its libraries. */
public final class PlatformReview {

  private PlatformReview() {}

  /**
   * Looks through a policy.
   *
   * @param policy any policy
   * @return a sentence for each thing that is missing, naming the stream types that need it and the
   *     way out
   */
  public static List<String> of(PolicyDatabase policy) {
    return of(policy, QuicDialer.unavailability());
  }

  static List<String> of(PolicyDatabase policy, Optional<String> noQuic) {
    List<String> needing =
        policy.streamTypes().values().stream()
            .filter(type -> type.side() == Side.CLIENT && type.protocol() == Protocol.H3)
            .map(StreamType::name)
            .toList();
    return needing.isEmpty()
        ? List.of()
        : noQuic.map(why -> "stream types " + needing + " will fail: " + why).stream().toList();
  }
}
