package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Encodes answers, and knows when only the head of one may be sent. */
final class ServerResponseEncoder extends HttpResponseEncoder {

  private boolean headOnly;

  /** Whether the next final answer is sent without its body. */
  void headOnly(boolean value) {
    headOnly = value;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return headOnly || super.isContentAlwaysEmpty(response);
  }
}
