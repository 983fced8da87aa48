package io.securestreams.core.plan;

import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.StreamType;

/** Which version of http carries the requests of a stream type. */
final class WireChoice {

  private WireChoice() {}

  /**
   * Chooses for one request.
   *
   * @param type of any protocol; what is not http begins as h1
   * @param target where the request goes
   */
  static HttpWire of(StreamType type, Target target) {
    if (type.protocol() == Protocol.H3) {
      return HttpWire.H3;
    }
    if (type.protocol() != Protocol.H2) {
      return HttpWire.H1;
    }
    if (target.tls().isPresent()) {
      return HttpWire.H2;
    }
    // As in the reference, h2 without TLS runs as h1.
    return type.http().flags().contains(HttpSettings.Flag.PRIOR_KNOWLEDGE)
        ? HttpWire.H2_PRIOR_KNOWLEDGE
        : HttpWire.H1;
  }
}
