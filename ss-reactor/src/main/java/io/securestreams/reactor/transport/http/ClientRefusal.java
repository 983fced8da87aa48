package io.securestreams.reactor.transport.http;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/** Responses whose head ends the transaction. */
final class ClientRefusal {

  private static final int SWITCHING_PROTOCOLS = 101;

  /** From here on a redirect asks for the same request again. */
  private static final int TEMPORARY_REDIRECT = 307;

  private ClientRefusal() {}

  /**
   * How a final response's head ends the transaction.
   *
   * @return the last signal, or empty if the transaction goes on
   */
  static Optional<LinkSignal> of(HttpPlan plan, ResponseHead head, Clock clock) {
    int status = head.status();
    if (status == SWITCHING_PROTOCOLS) {
      return failed(plan, "switched protocols unasked", 0, Delivery.UNKNOWN);
    }
    String coding = head.joined("transfer-encoding");
    if (coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
      return failed(plan, "uses an unknown transfer coding", 0, Delivery.UNKNOWN);
    }
    return switch (plan.rules().judge(status)) {
      case UNAVAILABLE ->
          failed(
              plan,
              "answered with status " + status,
              ClientHeads.retryAfterMs(head, clock),
              Delivery.NOT_SENT);
      case REDIRECT -> Optional.of(redirected(plan, head));
      case AUTH_FAILED ->
          Optional.of(
              new LinkSignal.AuthRefused(
                  failure(plan, FailureKind.AUTH, "answered with status " + status)));
      case ACK, NACK -> Optional.empty();
    };
  }

  private static LinkSignal redirected(HttpPlan plan, ResponseHead head) {
    int status = head.status();
    String where = Objects.requireNonNullElse(head.joined("location"), "nowhere");
    LinkException cause =
        failure(
            plan,
            plan.redirectRefused(),
            "answered with status " + status + ", the redirect to " + where + " is not followed");
    return new LinkSignal.Failed(
        cause, 0, status >= TEMPORARY_REDIRECT ? Delivery.NOT_SENT : Delivery.UNKNOWN);
  }

  private static Optional<LinkSignal> failed(
      HttpPlan plan, String what, long retryAfterMs, Delivery delivery) {
    return Optional.of(
        new LinkSignal.Failed(failure(plan, FailureKind.PROTOCOL, what), retryAfterMs, delivery));
  }

  /** A failure in words that begin with the peer's name. */
  static LinkException failure(HttpPlan plan, FailureKind kind, String what) {
    String peer = plan.target().toString();
    return new LinkException(kind, peer + " " + what, peer, null);
  }

  /** Why the request cannot be put on any connection, if it cannot. */
  static Optional<LinkException> unsendable(HttpPlan plan) {
    try {
      ClientHeads.requireSendable(plan);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new LinkException(
              FailureKind.PLAN,
              "the request of stream type \"" + plan.streamType() + "\" cannot be sent",
              plan.target().toString(),
              e));
    }
  }

  /** What the application sends does not fit the request. */
  static LinkException unusable(HttpPlan plan, String why) {
    return new LinkException(
        FailureKind.PLAN,
        "stream type \"" + plan.streamType() + "\": " + why,
        plan.target().toString(),
        null);
  }
}
