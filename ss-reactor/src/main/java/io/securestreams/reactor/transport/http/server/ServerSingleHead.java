package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * The head of a request over http/1.1.
 *
 * @param request head of a request
 */
public record ServerSingleHead(HttpRequest request) implements ServerRequestHead {

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String target() {
    return request.uri();
  }

  @Override
  public List<String> values(String header) {
    return request.headers().getAll(header);
  }
}
