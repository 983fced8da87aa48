package io.securestreams.core.plan;

import java.util.List;

/** Everything a transport needs for one attempt, with no names left to look up. */
public sealed interface ClientPlan permits HttpPlan, WsPlan {

  /** The stream type, for messages and logs. */
  String streamType();

  /** Where to connect to. */
  Target target();

  /** Path and query, beginning with a slash. */
  String path();

  /** Headers to send beside those the protocol itself needs. */
  List<Header> headers();

  /** How response headers become metadata, and status codes states. */
  ResponseRules rules();
}
