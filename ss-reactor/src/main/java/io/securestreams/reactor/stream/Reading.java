package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.StreamFailedException;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/**
 * What the convenience forms make of the events of one stream: payload, completion, or an error.
 *
 * <p>One object reads one stream. Two attempts are never spliced: once a part of a body was
 * emitted, a lost connection is an error.
 */
public abstract class Reading {

  private final StreamType type;

  private Reading(StreamType type) {
    this.type = type;
  }

  /**
   * The pieces of a body, a file or a byte stream, or the whole messages of a session.
   *
   * @param type the stream type
   * @param limit most bytes of a message
   */
  public static Reading pieces(StreamType type, long limit) {
    if (type.isTransactional()) {
      return new Pieces(type);
    }
    return hasMessages(type) ? new Messages(type, limit) : new Bytes(type);
  }

  private static boolean hasMessages(StreamType type) {
    return type.protocol() != Protocol.RAW && !type.isFile();
  }

  /**
   * One whole reply; of a byte stream, which has no messages, what comes first.
   *
   * @param type the stream type
   * @param limit most bytes of the reply
   */
  public static Reading whole(StreamType type, long limit) {
    if (type.isTransactional()) {
      return new Whole(type, limit);
    }
    return hasMessages(type) || type.isFile() ? new Messages(type, limit) : new Bytes(type);
  }

  /**
   * Takes the next event.
   *
   * @param event the event
   * @param sink what to emit
   */
  public final void read(StreamEvent event, SynchronousSink<Payload> sink) {
    if (event instanceof PayloadEvent piece) {
      onPayload(piece, sink);
    } else if (event instanceof StateEvent state) {
      onState(state, sink);
    }
  }

  abstract void onPayload(PayloadEvent piece, SynchronousSink<Payload> sink);

  /** The peer confirmed. */
  abstract void onAck(SynchronousSink<Payload> sink);

  /** The connection is gone, and maybe comes back. */
  abstract void onDisconnected(StateEvent state, SynchronousSink<Payload> sink);

  private void onState(StateEvent state, SynchronousSink<Payload> sink) {
    switch (state.state()) {
      case QOS_ACK_REMOTE -> onAck(sink);
      case QOS_NACK_REMOTE ->
          sink.error(failure(FailureKind.PROTOCOL, "the peer refused it (QOS_NACK_REMOTE)"));
      case ALL_RETRIES_FAILED ->
          sink.error(lost(state, "gave up after " + state.attempt() + " attempts"));
      case DISCONNECTED -> onDisconnected(state, sink);
      case DESTROYING -> sink.error(lost(state, "the stream was destroyed"));
      case CREATING,
          UNREACHABLE,
          AUTH_FAILED,
          CONNECTED,
          CONNECTING,
          POLL,
          QOS_ACK_LOCAL,
          QOS_NACK_LOCAL,
          TIMEOUT,
          SERVER_TXN,
          SERVER_UPGRADE,
          EVENT_WAIT_CANCELLED,
          UPSTREAM_LINK_RETRY,
          SINK_JOIN,
          SINK_PART,
          USER -> {
        // Nothing to tell: the stream goes on.
      }
    }
  }

  /** The end of a session is no error if the peer wanted it. */
  final void endUnlessItComesBack(StateEvent state, SynchronousSink<Payload> sink) {
    if (state.willRetry()) {
      return;
    }
    if (state.failureKind().filter(kind -> kind != FailureKind.CLOSED).isPresent()) {
      sink.error(lost(state, "the connection ended"));
    } else {
      sink.complete();
    }
  }

  final StreamFailedException lost(StateEvent state, String what) {
    String detail = state.failure().map(StateEvent.Failure::detail).orElse("");
    return failure(
        state.failureKind().orElse(FailureKind.CLOSED),
        detail.isEmpty() ? what : what + ": " + detail);
  }

  final StreamFailedException failure(FailureKind kind, String what) {
    return new StreamFailedException(type.name(), kind, "'" + type.name() + "': " + what, null);
  }

  /** A body, piece by piece. */
  private static final class Pieces extends Reading {

    private boolean emitted;

    Pieces(StreamType type) {
      super(type);
    }

    @Override
    void onPayload(PayloadEvent piece, SynchronousSink<Payload> sink) {
      if (!piece.payload().isEmpty()) {
        emitted = true;
        sink.next(piece.payload());
      }
    }

    @Override
    void onAck(SynchronousSink<Payload> sink) {
      sink.complete();
    }

    @Override
    void onDisconnected(StateEvent state, SynchronousSink<Payload> sink) {
      if (emitted || !state.willRetry()) {
        sink.error(lost(state, "the connection ended inside the body"));
      }
    }
  }

  /** Bytes of one message, as far as they are known. */
  private abstract static class Gathering extends Reading {

    private final long limit;
    @Nullable private Payload only;
    @Nullable private ByteArrayOutputStream several;

    Gathering(StreamType type, long limit) {
      super(type);
      this.limit = limit;
    }

    /** Adds a piece; false if the limit was passed, which is then already reported. */
    final boolean gather(Payload piece, SynchronousSink<Payload> sink) {
      if (size() + piece.size() > limit) {
        sink.error(
            failure(
                FailureKind.LIMIT,
                "a message of more than " + limit + " bytes; read events() to take it in pieces"));
        return false;
      }
      Payload first = only;
      if (several != null) {
        several.writeBytes(piece.bytes());
      } else if (first == null) {
        only = piece;
      } else if (!piece.isEmpty()) {
        several = new ByteArrayOutputStream();
        several.writeBytes(first.bytes());
        several.writeBytes(piece.bytes());
        only = null;
      }
      return true;
    }

    final Payload gathered() {
      Payload whole = only;
      if (several != null) {
        whole = Payload.wrap(several.toByteArray());
      }
      forget();
      return whole == null ? Payload.empty() : whole;
    }

    final void forget() {
      only = null;
      several = null;
    }

    private long size() {
      if (several != null) {
        return several.size();
      }
      return only == null ? 0 : only.size();
    }
  }

  /** A body as a whole. */
  private static final class Whole extends Gathering {

    Whole(StreamType type, long limit) {
      super(type, limit);
    }

    @Override
    void onPayload(PayloadEvent piece, SynchronousSink<Payload> sink) {
      gather(piece.payload(), sink);
    }

    @Override
    void onAck(SynchronousSink<Payload> sink) {
      sink.next(gathered());
      sink.complete();
    }

    @Override
    void onDisconnected(StateEvent state, SynchronousSink<Payload> sink) {
      forget();
      if (!state.willRetry()) {
        sink.error(lost(state, "the connection ended inside the body"));
      }
    }
  }

  /** Whole messages of a session, through reconnects. */
  private static final class Messages extends Gathering {

    Messages(StreamType type, long limit) {
      super(type, limit);
    }

    @Override
    void onPayload(PayloadEvent piece, SynchronousSink<Payload> sink) {
      if (gather(piece.payload(), sink) && piece.flags().eom()) {
        sink.next(gathered());
      }
    }

    @Override
    void onAck(SynchronousSink<Payload> sink) {
      // A message of ours was acknowledged; nothing was received.
    }

    @Override
    void onDisconnected(StateEvent state, SynchronousSink<Payload> sink) {
      forget();
      endUnlessItComesBack(state, sink);
    }
  }

  /** Bytes as they come, through reconnects; those of a file up to its end. */
  private static final class Bytes extends Reading {

    Bytes(StreamType type) {
      super(type);
    }

    @Override
    void onPayload(PayloadEvent piece, SynchronousSink<Payload> sink) {
      if (!piece.payload().isEmpty()) {
        sink.next(piece.payload());
      }
      if (piece.flags().eom()) {
        sink.complete();
      }
    }

    @Override
    void onAck(SynchronousSink<Payload> sink) {
      // Nobody acknowledges bytes.
    }

    @Override
    void onDisconnected(StateEvent state, SynchronousSink<Payload> sink) {
      endUnlessItComesBack(state, sink);
    }
  }
}
