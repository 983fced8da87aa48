package io.securestreams.tool;

import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.PolicyEvent;
import reactor.core.publisher.Flux;

/** What becomes of a policy file that is followed. */
final class PolicyNews {

  private PolicyNews() {}

  /** Everything after the policy that the command began with; completes when the streams close. */
  static Flux<Happening> of(SecureStreams streams, Stopwatch watch) {
    return streams
        .policyEvents()
        .filter(event -> !(event instanceof PolicyEvent.Loaded))
        .map(event -> new Happening.Policy(watch.millis(), event));
  }
}
