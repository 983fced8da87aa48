package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Optional;

/** Whether an answer's pieces are as its head says. */
final class ServerBody {

  private final BodyPlan plan;
  private final boolean headOnly;
  private long sent;

  /**
   * The body of an answer.
   *
   * @param answer its head
   * @param method of the request
   */
  ServerBody(Answer answer, String method) {
    this.plan = answer.body();
    int status = answer.status();
    this.headOnly =
        HttpMethod.HEAD.name().equals(method)
            || status < HttpResponseStatus.OK.code()
            || status == HttpResponseStatus.NO_CONTENT.code()
            || status == HttpResponseStatus.RESET_CONTENT.code()
            || status == HttpResponseStatus.NOT_MODIFIED.code();
  }

  /**
   * The policy may want no length to be announced.
   *
   * @param head of an answer of one of many transactions
   * @param plan of the listener
   */
  static Answer announced(Answer head, ServerPlan plan) {
    boolean never = plan.contentLength() == HttpSettings.ContentLength.NEVER;
    return never && head.body().kind() == BodyPlan.Kind.NONE
        ? new Answer(head.status(), head.headers(), BodyPlan.CHUNKED)
        : head;
  }

  /** True if only the head is sent, whatever pieces come. */
  boolean isHeadOnly() {
    return headOnly;
  }

  /** True if pieces are sent. */
  boolean isSent() {
    return !headOnly && plan.kind() != BodyPlan.Kind.NONE;
  }

  /** How long it is announced to be. */
  BodyPlan plan() {
    return plan;
  }

  /**
   * Counts a piece.
   *
   * @param piece the next one
   * @return what is wrong with it, in which case it may not be sent
   */
  Optional<String> add(TxPiece piece) {
    sent += piece.payload().size();
    boolean wrong =
        plan.kind() == BodyPlan.Kind.LENGTH
            && (sent > plan.length() || (piece.flags().eom() && sent < plan.length()));
    return wrong
        ? Optional.of(
            "answer of " + plan.length() + " bytes was announced, but its pieces have " + sent)
        : Optional.empty();
  }
}
