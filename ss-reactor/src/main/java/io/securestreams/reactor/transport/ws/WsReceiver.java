package io.securestreams.reactor.transport.ws;

import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.Utf8Check;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a WebSocket: pieces of messages from data frames that the codec found in
 * order.
 */
final class WsReceiver {

  private static final WebSocketCloseStatus VIOLATION = WebSocketCloseStatus.PROTOCOL_ERROR;
  private static final WebSocketCloseStatus INVALID = WebSocketCloseStatus.INVALID_PAYLOAD_DATA;

  private final long messageBytes;
  @Nullable private final WsInflater inflater;
  private final Utf8Check utf8 = new Utf8Check();

  private boolean inMessage;
  private boolean text;
  private boolean compressed;
  private long received;
  @Nullable private WsEnd objection;

  /**
   * A receiver between two messages.
   *
   * @param messageBytes limit of a message, expanded
   * @param inflater expands what is compressed; null if nothing may be
   */
  WsReceiver(long messageBytes, @Nullable WsInflater inflater) {
    this.messageBytes = messageBytes;
    this.inflater = inflater;
  }

  /** What is wrong with the last data frame; null if nothing is. */
  @Nullable WsEnd objection() {
    return objection;
  }

  /**
   * Looks at the reserved bits of any frame.
   *
   * @return an objection if they say what was not agreed on; null if not
   */
  @Nullable WsEnd objectionTo(WebSocketFrame frame) {
    int rsv = frame.rsv();
    boolean starts = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
    return rsv == 0 || (rsv == WebSocketExtension.RSV1 && starts && inflater != null)
        ? null
        : WsEnd.broken(VIOLATION, "reserved bits " + rsv + " have no meaning there", null);
  }

  /**
   * The piece that a data frame carries.
   *
   * @param frame still the caller's
   * @return null if it tells nothing, or if there is an {@link #objection()}
   */
  LinkSignal.@Nullable Frame piece(WebSocketFrame frame) {
    boolean first = !inMessage;
    boolean last = frame.isFinalFragment();
    inMessage = !last;
    if (first) {
      received = 0;
      text = frame instanceof TextWebSocketFrame;
      compressed = frame.rsv() != 0;
    }
    Payload payload = content(frame, last);
    received += payload.size();
    MessageFlags flags = MessageFlags.of(first, last);
    if (objection == null && received > messageBytes) {
      objection = WsEnd.tooBig("messageBytes", messageBytes);
    } else if (objection == null && text && !utf8.accepts(payload, flags)) {
      objection = WsEnd.broken(INVALID, "a text message is no UTF-8", null);
    }
    // An empty piece in the middle says nothing.
    boolean tells = first || last || !payload.isEmpty();
    return objection == null && tells ? new LinkSignal.Frame(payload, flags) : null;
  }

  private Payload content(WebSocketFrame frame, boolean last) {
    WsInflater used = inflater;
    if (used == null || !compressed) {
      return Payloads.copy(frame.content());
    }
    try {
      return used.inflate(frame.content(), last, messageBytes - received);
    } catch (DataFormatException e) {
      objection = WsEnd.broken(INVALID, "a compressed message cannot be expanded", e);
      return Payload.empty();
    }
  }

  /** Nothing more is received. */
  void end() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
