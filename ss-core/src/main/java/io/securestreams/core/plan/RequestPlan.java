package io.securestreams.core.plan;

import java.util.List;

/** A plan that begins with an http request. */
public sealed interface RequestPlan extends ClientPlan permits HttpPlan, WsPlan {

  /** Where to connect to. */
  Target target();

  /** Path and query, beginning with a slash. */
  String path();

  /** Headers to send beside those the protocol itself needs. */
  List<Header> headers();

  /** How response headers become metadata, and status codes states. */
  ResponseRules rules();
}
