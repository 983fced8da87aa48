package io.securestreams.core.plan;

import java.util.List;
import java.util.Objects;

/**
 * One http transaction.
 *
 * @param streamType for messages and logs
 * @param target where to connect to
 * @param method request method
 * @param path path and query, beginning with a slash
 * @param headers headers to send, {@code host} and framing excepted
 * @param body what follows the headers
 * @param rules how the response becomes states and metadata
 */
public record HttpPlan(
    String streamType,
    Target target,
    String method,
    String path,
    List<Header> headers,
    BodyPlan body,
    ResponseRules rules)
    implements ClientPlan {

  /** Copies the headers. */
  public HttpPlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(rules, "rules");
  }
}
