package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.securestreams.core.error.BugException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The codec's encoder, which also puts frames behind each other into one buffer. */
final class WsFrameEncoder extends WebSocket13FrameEncoder {

  /** Most bytes of a frame beside its payload. Source: RFC 6455 section 5.2. */
  static final int HEADER_BYTES = 14;

  private final List<Object> parts = new ArrayList<>(2);
  @Nullable private ChannelHandlerContext context;

  /**
   * The encoder of one side.
   *
   * @param side who sends
   */
  WsFrameEncoder(WsChannel.Side side) {
    super(side == WsChannel.Side.CLIENT);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    context = ctx;
  }

  /**
   * Puts a frame behind what a buffer has.
   *
   * @param frame is released
   * @param buffer with room for it
   */
  void append(WebSocketFrame frame, ByteBuf buffer) {
    try {
      encode(Objects.requireNonNull(context, "not in a pipeline"), frame, parts);
      for (Object part : parts) {
        buffer.writeBytes((ByteBuf) part);
      }
    } catch (Exception e) {
      throw new BugException("a frame that cannot be encoded", e);
    } finally {
      for (Object part : parts) {
        ((ByteBuf) part).release();
      }
      parts.clear();
      frame.release();
    }
  }
}
