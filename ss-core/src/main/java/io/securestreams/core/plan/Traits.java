package io.securestreams.core.plan;

import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import java.util.EnumSet;
import java.util.Set;

/** Finds the traits of a stream type. */
final class Traits {

  private Traits() {}

  static Set<Trait> of(StreamType type) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (HttpSettings.Flag flag : type.http().flags()) {
      switch (flag) {
        case FAIL_REDIRECT -> traits.add(Trait.REPORT_REDIRECTS);
        case ALLOW_REDIRECTS -> traits.add(Trait.FOLLOW_REDIRECTS);
        case COOKIES -> traits.add(Trait.COOKIES);
        case OVERFLOW_CREDIT -> traits.add(Trait.OVERFLOW_CREDIT);
        case FORM_URLENCODED, DIRECT_HEADERS, QUIRK_END_STREAM, PRIOR_KNOWLEDGE -> {
          // They shape the request, which the plan holds as a whole.
        }
      }
    }
    if (type.http().multipart().incoming() == MultipartSettings.Incoming.SPLIT) {
      traits.add(Trait.SPLIT_PARTS);
    }
    if (isMultiplexed(type) && type.strategy().contains(Strategy.LONG_POLL)) {
      traits.add(Trait.LONG_POLL);
    }
    if (type.strategy().contains(Strategy.PERF)) {
      traits.add(Trait.PERF);
    }
    return traits;
  }

  /** Elsewhere the key says nothing, and a response has the usual limits. */
  private static boolean isMultiplexed(StreamType type) {
    return type.protocol() == Protocol.H2 || type.protocol() == Protocol.H3;
  }
}
