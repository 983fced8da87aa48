package io.securestreams.reactor.transport.ws;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import org.jspecify.annotations.Nullable;

/**
 * Why a WebSocket ends, by no wish of the application.
 *
 * @param kind what the link is told
 * @param closeCode what the peer is told: 0 for a close frame without a code, -1 for nothing
 * @param what one clause
 * @param cause the native error, or null
 */
record WsEnd(FailureKind kind, int closeCode, String what, @Nullable Throwable cause) {

  private static final int NOTHING = -1;
  private static final int TOO_BIG = 1009;
  private static final int FAULT = 1011;

  /** True if the peer can still be told something. */
  boolean hasFarewell() {
    return closeCode != NOTHING;
  }

  /** True if it is the peer that ends an intact connection. */
  boolean isPeersWish() {
    return kind == FailureKind.CLOSED && hasFarewell();
  }

  /** The connection broke, or the peer dropped it. */
  static WsEnd gone(@Nullable Throwable cause) {
    return new WsEnd(FailureKind.CLOSED, NOTHING, "Peer dropped the connection", cause);
  }

  /** The peer said good-bye; it hears the same. */
  static WsEnd closed(CloseWebSocketFrame frame) {
    int code = Math.max(frame.statusCode(), 0);
    String reason = code == 0 ? "" : frame.reasonText().replaceAll("\\p{Cntrl}", "?");
    String what =
        "Peer closed with "
            + (code == 0 ? "no code" : "code " + code)
            + (reason.isEmpty() ? "" : ", " + reason);
    return new WsEnd(FailureKind.CLOSED, code, what, null);
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

  /** What is to be sent breaks the rules. */
  static WsEnd fault(String what) {
    return new WsEnd(FailureKind.PLAN, FAULT, what, null);
  }

  /**
   * The codec or the connection failed.
   *
   * @param error what was thrown
   * @param frameBytes the limit of a frame
   */
  static WsEnd of(Throwable error, int frameBytes) {
    if (error instanceof LinkException limit) {
      return new WsEnd(limit.kind(), NOTHING, String.valueOf(limit.getMessage()), limit);
    }
    if (!(error instanceof CorruptedWebSocketFrameException corrupt)) {
      return gone(error);
    }
    return corrupt.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
        ? tooBig("frameBytes", frameBytes)
        : broken(corrupt.closeStatus(), String.valueOf(corrupt.getMessage()), corrupt);
  }

  /**
   * The peer broke the rules.
   *
   * @param status what it is told
   * @param how one clause
   * @param cause the native error, or null
   */
  static WsEnd broken(WebSocketCloseStatus status, String how, @Nullable Throwable cause) {
    return new WsEnd(FailureKind.PROTOCOL, status.code(), "Peer broke the rules: " + how, cause);
  }
}
