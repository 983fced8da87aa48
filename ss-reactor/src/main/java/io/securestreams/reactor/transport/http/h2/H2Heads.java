package io.securestreams.reactor.transport.http.h2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.transport.http.MultiplexedHeads;
import org.jspecify.annotations.Nullable;

/** The heads of one connection's requests; a plan that comes again and again has it made once. */
final class H2Heads {

  @Nullable private HttpPlan last;
  @Nullable private Http2Headers made;

  /** The head of a request, which is only read. */
  Http2Headers of(HttpPlan plan) {
    Http2Headers known = made;
    if (known != null && plan.equals(last)) {
      return known;
    }
    Http2Headers fresh = MultiplexedHeads.request(new DefaultHttp2Headers(false), plan);
    last = plan;
    made = fresh;
    return fresh;
  }
}
