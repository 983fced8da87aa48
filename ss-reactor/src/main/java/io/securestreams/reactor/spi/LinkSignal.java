package io.securestreams.reactor.spi;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
import java.util.List;

/**
 * Something that happened on a link, in the protocol's own terms; it never decides about states or
 * retries.
 *
 * <p>A client link gives {@link Event#TX_READY} (http with a body), then {@link Up} or one of
 * {@link Failed} and {@link AuthRefused}; after {@link Up} frames, and at last {@link Event#ACKED},
 * {@link Event#NACKED} or {@link Closed}. A server link gives for each request {@link Transaction},
 * frames, and {@link Event#ANSWERED} once the answer is written; or {@link Upgraded} and frames;
 * or, if it speaks without requests from the start, {@link Up} and frames; and at last {@link
 * Closed}. Nothing follows ACKED or NACKED of a client, Failed, AuthRefused, Closed.
 */
public sealed interface LinkSignal {

  /** Signals without further facts. */
  enum Event implements LinkSignal {
    /** The link can take pieces. Client: body wanted; ws: implied by {@link Up}. */
    TX_READY,
    /** The peer confirmed the transaction, which is complete. */
    ACKED,
    /** The peer refused the transaction, which is complete. */
    NACKED,
    /** Server: the answer is written, the next request may come. */
    ANSWERED,
    /** The peer proved to be there: a PONG. */
    ALIVE
  }

  /**
   * The connection is usable; over http: the response's head is there.
   *
   * @param metadata what the response sets
   * @param userState state that the status is mapped to, 1000 and above; 0 for none
   */
  record Up(List<MetadataValue> metadata, int userState) implements LinkSignal {

    /** Nothing beside the fact. */
    public static final Up PLAIN = new Up(List.of(), 0);

    /** Copies the values. */
    public Up {
      metadata = List.copyOf(metadata);
    }
  }

  /**
   * A piece of a received message. Over http the end is an empty piece of its own.
   *
   * @param payload the bytes
   * @param flags where in its message the piece stands
   */
  record Frame(Payload payload, MessageFlags flags) implements LinkSignal {}

  /**
   * Pieces were handed to the system's socket, the oldest first. This is not delivery.
   *
   * @param pieces how many, 1 or more
   */
  record Written(int pieces) implements LinkSignal {

    /** One piece. */
    public static final Written ONE = new Written(1);
  }

  /**
   * The attempt failed before {@link Up}.
   *
   * @param cause kind, peer and native error
   * @param retryAfterMs the peer asked to wait at least this long, in ms; 0 for nothing
   * @param delivery whether the request may have reached the peer
   */
  record Failed(LinkException cause, long retryAfterMs, Delivery delivery) implements LinkSignal {}

  /** Whether what was sent may have had an effect. */
  enum Delivery {
    /** Provably nothing of the message was sent, or the peer said that it did not act. */
    NOT_SENT,
    /** It may have arrived. */
    UNKNOWN
  }

  /**
   * How long the parts of the connection took, if the plan asks for it: before {@link Up} of an
   * http transaction, before the end of other connections, and before {@link Failed}.
   *
   * @param timings of the connection
   */
  record Timed(ConnectionTimings timings) implements LinkSignal {}

  /**
   * The status is mapped to AUTH_FAILED.
   *
   * @param cause kind AUTH, with the status
   */
  record AuthRefused(LinkException cause) implements LinkSignal {}

  /**
   * The connection is gone after {@link Up}, or a server's connection at any time.
   *
   * @param cause kind CLOSED for an orderly end by the peer
   */
  record Closed(LinkException cause) implements LinkSignal {}

  /**
   * Server: a request's head is there.
   *
   * @param method request method as sent
   * @param metadata {@code method}, {@code path}, {@code auth}, url arguments and mapped headers
   */
  record Transaction(String method, List<MetadataValue> metadata) implements LinkSignal {

    /** Copies the values. */
    public Transaction {
      metadata = List.copyOf(metadata);
    }
  }

  /**
   * Server: the connection is a WebSocket from here on.
   *
   * @param metadata as for a {@link Transaction}
   */
  record Upgraded(List<MetadataValue> metadata) implements LinkSignal {

    /** Copies the values. */
    public Upgraded {
      metadata = List.copyOf(metadata);
    }
  }
}
