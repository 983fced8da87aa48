package io.securestreams.reactor.spi;

import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import java.util.List;
import java.util.Objects;

/**
 * The head of an http answer.
 *
 * @param status 100..599
 * @param headers headers to send, framing excepted
 * @param body what follows; a body of unknown length ends by chunked coding or by closing
 */
public record Answer(int status, List<Header> headers, BodyPlan body) {

  /** Copies the headers. */
  public Answer {
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }
}
