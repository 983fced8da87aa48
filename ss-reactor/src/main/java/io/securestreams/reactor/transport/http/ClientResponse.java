package io.securestreams.reactor.transport.http;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.ResponseRules.Verdict;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a transaction: what came, what of it was handed out, and how it ends. Only
 * {@link #allow} may be called from outside the event loop.
 */
final class ClientResponse {

  private static final LinkSignal END = new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM);

  private final ClientBody body = new ClientBody();
  @Nullable private Verdict verdict;
  @Nullable private LinkException loss;
  private boolean complete;
  private boolean ended;

  /**
   * Allows more pieces.
   *
   * @return false if there was no limit before
   */
  boolean allow(long pieces) {
    return body.allow(pieces);
  }

  /** True if the head came. */
  boolean begun() {
    return verdict != null;
  }

  /** True if all of the response came. */
  boolean complete() {
    return complete;
  }

  /** True if more of the response may come and be of use. */
  boolean open() {
    return !complete && loss == null;
  }

  /** True if another piece is allowed. */
  boolean wanted() {
    return body.wanted();
  }

  /**
   * Takes the head of a response that the transaction goes on with.
   *
   * @return what it tells
   */
  LinkSignal begin(ResponseRules rules, ResponseHead head) {
    verdict = rules.judge(head.status());
    List<MetadataValue> metadata = ClientHeads.metadata(rules, head);
    int userState = rules.userState(head.status());
    return metadata.isEmpty() && userState == 0
        ? LinkSignal.Up.PLAIN
        : new LinkSignal.Up(metadata, userState);
  }

  /** Takes a piece that came: returns it if it may be told now, else keeps it. */
  LinkSignal.@Nullable Frame offer(Payload piece) {
    if (body.drained() && body.wanted()) {
      return body.frame(piece);
    }
    body.hold(piece);
    return null;
  }

  void completed() {
    complete = true;
  }

  /** The rest will not come; what came before is still handed out, as soon as it is wanted. */
  void lose(LinkException cause) {
    loss = cause;
  }

  /** What may be told now, or null. Nothing follows a signal that is no frame. */
  @Nullable LinkSignal next() {
    LinkSignal.Frame held = body.next();
    if (held != null) {
      return held;
    }
    if (!body.drained()) {
      return null;
    }
    if (loss != null) {
      return new LinkSignal.Closed(loss);
    }
    if (!complete) {
      return null;
    }
    if (body.begun() && !ended) {
      ended = true;
      return END;
    }
    return verdict == Verdict.ACK ? Event.ACKED : Event.NACKED;
  }
}
