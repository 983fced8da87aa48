package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One http transaction.
 *
 * @param streamType for messages and logs
 * @param target where to connect to
 * @param wire what carries the transaction
 * @param method request method
 * @param path path and query, beginning with a slash
 * @param headers headers to send, {@code host} and framing excepted
 * @param body what follows the headers
 * @param rules how the response becomes states and metadata
 * @param traits what else is done
 */
public record HttpPlan(
    String streamType,
    Target target,
    HttpWire wire,
    String method,
    String path,
    List<Header> headers,
    BodyPlan body,
    ResponseRules rules,
    Set<Trait> traits)
    implements RequestPlan {

  /** Copies the headers. */
  public HttpPlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(wire, "wire");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(rules, "rules");
    traits = Set.copyOf(traits);
  }

  /** What a redirect means that is not followed: a captive portal, if the policy says so. */
  public FailureKind redirectRefused() {
    return traits.contains(Trait.REPORT_REDIRECTS) ? FailureKind.PORTAL : FailureKind.PROTOCOL;
  }

  /**
   * The same request with other headers.
   *
   * @param others headers to send, {@code host} and framing excepted
   */
  public HttpPlan withHeaders(List<Header> others) {
    return new HttpPlan(streamType, target, wire, method, path, others, body, rules, traits);
  }

  /**
   * The same request with a body.
   *
   * @param other what follows the headers
   */
  public HttpPlan withBody(BodyPlan other) {
    return new HttpPlan(streamType, target, wire, method, path, headers, other, rules, traits);
  }
}
