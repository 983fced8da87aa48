package io.securestreams.core.plan;

import java.util.Set;

/** Everything a transport needs for one attempt, with no names left to look up. */
public sealed interface ClientPlan permits RequestPlan, RawPlan, FilePlan {

  /** The stream type, for messages and logs. */
  String streamType();

  /** What is done beyond the plain exchange. */
  Set<Trait> traits();
}
