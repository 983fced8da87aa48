package io.securestreams.reactor.transport.ws;

import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.securestreams.core.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * Why a WebSocket ends, by no wish of ours.
 *
 * @param kind what the link is told
 * @param closeCode what the peer is told; 0 for nothing, as it is gone
 * @param what one clause
 * @param cause the native error, or null
 */
record WsEnd(FailureKind kind, int closeCode, String what, @Nullable Throwable cause) {

  private static final int PROTOCOL_ERROR = 1002;
  private static final int NOT_TEXT = 1007;
  private static final int TOO_BIG = 1009;
  private static final int FAULT = 1011;

  /** The peer closed the connection, or it broke. */
  static WsEnd gone(@Nullable Throwable cause) {
    return new WsEnd(FailureKind.CLOSED, 0, "Peer is gone", cause);
  }

  /**
   * The peer said good-bye.
   *
   * @param code its close code, 0 for none
   */
  static WsEnd closedByPeer(int code) {
    String what = "Peer closed" + (code == 0 ? "" : " with code " + code);
    return new WsEnd(FailureKind.CLOSED, 0, what, null);
  }

  /** A text message is not UTF-8. */
  static WsEnd notText() {
    return new WsEnd(FailureKind.PROTOCOL, NOT_TEXT, "Text message is not UTF-8", null);
  }

  /**
   * A limit was passed.
   *
   * @param limit its name
   * @param bytes its value
   */
  static WsEnd tooBig(String limit, long bytes) {
    return new WsEnd(
        FailureKind.LIMIT, TOO_BIG, "Received more than " + limit + " = " + bytes, null);
  }

  /** What is sent breaks the rules. */
  static WsEnd fault(String what) {
    return new WsEnd(FailureKind.PLAN, FAULT, what, null);
  }

  /**
   * The decoder or the connection failed.
   *
   * @param error what was thrown
   * @param frameBytes the limit of a frame
   */
  static WsEnd of(Throwable error, int frameBytes) {
    if (error instanceof TooLongFrameException) {
      return tooBig("frameBytes", frameBytes);
    }
    if (error instanceof CorruptedWebSocketFrameException corrupt) {
      return corrupt.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
          ? tooBig("frameBytes", frameBytes)
          : new WsEnd(
              FailureKind.PROTOCOL,
              corrupt.closeStatus().code(),
              "Peer broke the protocol: " + corrupt.getMessage(),
              corrupt);
    }
    if (error instanceof CorruptedFrameException) {
      return new WsEnd(FailureKind.PROTOCOL, PROTOCOL_ERROR, "Peer broke the protocol", error);
    }
    return gone(error);
  }
}
