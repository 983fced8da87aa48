package io.securestreams.reactor.transport.ws;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.securestreams.core.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * Why a WebSocket ends, by no wish of the application.
 *
 * @param kind what the link is told
 * @param closeCode what the peer is told: 0 for a close frame without a code, -1 for nothing
 * @param what one clause
 * @param cause the native error, or null
 */
record ServerWsEnd(FailureKind kind, int closeCode, String what, @Nullable Throwable cause) {

  private static final int NOTHING = -1;
  private static final int NOT_TEXT = 1007;
  private static final int TOO_BIG = 1009;
  private static final int FAULT = 1011;

  /** True if the peer can still be told something. */
  boolean hasFarewell() {
    return closeCode != NOTHING;
  }

  /** The connection broke, or the peer dropped it. */
  static ServerWsEnd gone(@Nullable Throwable cause) {
    return new ServerWsEnd(FailureKind.CLOSED, NOTHING, "Peer is gone", cause);
  }

  /** The peer said good-bye; it hears the same. */
  static ServerWsEnd closed(CloseWebSocketFrame frame) {
    int code = Math.max(frame.statusCode(), 0);
    String what = "Peer closed" + (code == 0 ? "" : " with code " + code);
    return new ServerWsEnd(FailureKind.CLOSED, code, what, null);
  }

  /** A text message is not UTF-8. */
  static ServerWsEnd notText() {
    return new ServerWsEnd(FailureKind.PROTOCOL, NOT_TEXT, "Text message is not UTF-8", null);
  }

  /**
   * A limit was passed.
   *
   * @param limit its name
   * @param bytes its value
   */
  static ServerWsEnd tooBig(String limit, long bytes) {
    return new ServerWsEnd(
        FailureKind.LIMIT, TOO_BIG, "Received more than " + limit + " = " + bytes, null);
  }

  /** What is to be sent breaks the rules. */
  static ServerWsEnd fault(String what) {
    return new ServerWsEnd(FailureKind.PLAN, FAULT, what, null);
  }

  /**
   * The decoder or the connection failed.
   *
   * @param error what was thrown
   * @param frameBytes the limit of a frame
   */
  static ServerWsEnd of(Throwable error, int frameBytes) {
    if (!(error instanceof CorruptedWebSocketFrameException corrupt)) {
      return gone(error);
    }
    return corrupt.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
        ? tooBig("frameBytes", frameBytes)
        : new ServerWsEnd(
            FailureKind.PROTOCOL,
            corrupt.closeStatus().code(),
            "Peer broke the rules: " + corrupt.getMessage(),
            corrupt);
  }
}
