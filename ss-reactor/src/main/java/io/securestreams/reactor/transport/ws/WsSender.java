package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a WebSocket. Used on the channel's event loop.
 *
 * <p>Frames are written as they come and go out together: at the end of a batch of commands or of
 * received messages. What the socket does not take waits here.
 */
final class WsSender implements ChannelFutureListener {

  /** Most bytes of a batch of more than one frame. */
  private static final int BATCH_BYTES = 8192;

  /** Most bytes of a message that is copied once more, for a batch. */
  private static final int SMALL_BYTES = 1024;

  private final Channel channel;
  private final WsChannel.Owner owner;
  private final WsFrameEncoder encoder;
  private final boolean text;
  @Nullable private final WsDeflater deflater;
  private final Queue<TxPiece> waiting = new ArrayDeque<>(2);

  private boolean unflushed = true;
  private boolean held = true;
  private boolean flushing;
  private boolean stopped;
  private boolean inMessage;
  private int written;

  /** Frames that the channel does not have yet. */
  @Nullable private WsBatch batch;

  /** Bytes of the frames since the last flush. */
  private int batchedBytes;

  /** Bytes of the frames that the last flush let out: as many may come again. */
  private int expectedBytes;

  @Nullable private Payload owedPong;

  /**
   * A sender in a batch of received messages, whose end flushes also what was written before.
   *
   * @param channel what is written to
   * @param encoder of the channel's frames
   * @param owner told how many pieces were written
   * @param text whether messages are sent as text
   * @param deflater compresses messages; null if they go out as they are
   */
  WsSender(
      Channel channel,
      WsFrameEncoder encoder,
      WsChannel.Owner owner,
      boolean text,
      @Nullable WsDeflater deflater) {
    this.channel = channel;
    this.encoder = encoder;
    this.owner = owner;
    this.text = text;
    this.deflater = deflater;
  }

  /** A batch begins: nothing goes out before its end. */
  void hold() {
    held = true;
  }

  /** True inside a batch. */
  boolean isHeld() {
    return held;
  }

  /** The batch has ended. */
  void release() {
    held = false;
    flush();
  }

  /**
   * Takes a piece.
   *
   * @return false if it does not fit what was sent before
   */
  boolean send(TxPiece piece) {
    if (piece.flags().som() == inMessage) {
      return false;
    }
    inMessage = !piece.flags().eom();
    if (waiting.isEmpty() && hasRoom()) {
      write(piece);
    } else {
      waiting.add(piece);
    }
    return true;
  }

  /** Lets out what waits, as far as the socket takes it, unless a batch will do it. */
  void flush() {
    if (held || flushing) {
      return;
    }
    flushing = true;
    try {
      // What is told, and a socket that takes more, bring more to write.
      do {
        writeWaiting();
        writeBatch();
        if (unflushed) {
          unflushed = false;
          expectedBytes = batchedBytes;
          batchedBytes = 0;
          channel.flush();
        }
        tellWritten();
      } while (unflushed || (isWaiting() && channel.isWritable()));
    } finally {
      flushing = false;
    }
  }

  private boolean isWaiting() {
    return owedPong != null || !waiting.isEmpty();
  }

  private void writeWaiting() {
    while (!waiting.isEmpty() && hasRoom()) {
      write(waiting.remove());
    }
    Payload owed = owedPong;
    if (owed != null && hasRoom()) {
      owedPong = null;
      write(new PongWebSocketFrame(Payloads.buffer(channel.alloc(), owed)))
          .addListener(CLOSE_ON_FAILURE);
    }
  }

  /** Asks for a pong. */
  void ping() {
    write(new PingWebSocketFrame()).addListener(CLOSE_ON_FAILURE);
  }

  /**
   * Answers a ping; of many that the peer takes no answers to, the last. Source: RFC 6455, 5.5.3.
   *
   * @param ping still the caller's
   */
  void pong(WebSocketFrame ping) {
    if (stopped) {
      return;
    }
    if (hasRoom()) {
      write(new PongWebSocketFrame(ping.content().retain())).addListener(CLOSE_ON_FAILURE);
    } else {
      owedPong = Payloads.copy(ping.content());
    }
  }

  /** Everything that waits goes before the farewell. */
  void finishPieces() {
    while (!waiting.isEmpty()) {
      write(waiting.remove());
    }
  }

  /**
   * Says good-bye at once, as the last that is sent; what waits is forgotten.
   *
   * @param code of the close, 0 for none
   */
  ChannelFuture close(int code) {
    stop();
    ChannelFuture farewell =
        write(code == 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, ""));
    channel.flush();
    return farewell;
  }

  /** The connection is gone: nothing can be sent any more. */
  void end() {
    stop();
    if (batch != null) {
      batch.release();
      batch = null;
    }
    if (deflater != null) {
      deflater.end();
    }
  }

  /** Forgets what waits. */
  void stop() {
    stopped = true;
    waiting.clear();
    owedPong = null;
  }

  /** True if the socket takes more than what it was given and what the batch has. */
  private boolean hasRoom() {
    WsBatch begun = batch;
    return begun == null ? channel.isWritable() : channel.bytesBeforeUnwritable() > begun.size();
  }

  private void write(TxPiece piece) {
    WsDeflater used = deflater;
    if (used != null) {
      write(compressed(piece, used)).addListener(this);
    } else if (piece.payload().size() > SMALL_BYTES) {
      write(plain(piece)).addListener(this);
    } else {
      addToBatch(piece);
    }
  }

  private void addToBatch(TxPiece piece) {
    int size = piece.payload().size() + WsFrameEncoder.HEADER_BYTES;
    if (batch != null && !batch.fits(size)) {
      writeBatch();
    }
    if (batch == null) {
      int likely = Math.max(expectedBytes - batchedBytes, batchedBytes);
      int capacity = Math.max(size, Math.min(likely, BATCH_BYTES));
      batch = new WsBatch(channel.alloc(), capacity, encoder, this::taken);
    }
    batch.add(plain(piece));
    batchedBytes += size;
    unflushed = true;
  }

  private void writeBatch() {
    WsBatch ready = batch;
    if (ready != null) {
      batch = null;
      ready.writeTo(channel);
    }
  }

  private ChannelFuture write(WebSocketFrame frame) {
    writeBatch();
    unflushed = true;
    return channel.write(frame);
  }

  private WebSocketFrame plain(TxPiece piece) {
    return frame(piece, 0, Payloads.buffer(channel.alloc(), piece.payload()));
  }

  private WebSocketFrame compressed(TxPiece piece, WsDeflater used) {
    ByteBuf content = used.deflate(channel.alloc(), piece.payload(), piece.flags().eom());
    return frame(piece, WebSocketExtension.RSV1, content);
  }

  /** The frame of a piece; reserved bits are a message's first frame's. */
  private WebSocketFrame frame(TxPiece piece, int rsv, ByteBuf content) {
    boolean last = piece.flags().eom();
    if (!piece.flags().som()) {
      return new ContinuationWebSocketFrame(last, 0, content);
    }
    return text
        ? new TextWebSocketFrame(last, rsv, content)
        : new BinaryWebSocketFrame(last, rsv, content);
  }

  @Override
  public void operationComplete(ChannelFuture piece) {
    // A failed one is followed by the end of the connection, which is told by itself.
    if (piece.isSuccess()) {
      taken(1);
    }
  }

  private void taken(int pieces) {
    written += pieces;
    if (!flushing) {
      tellWritten();
    }
  }

  private void tellWritten() {
    int pieces = written;
    if (pieces > 0) {
      written = 0;
      owner.signal(pieces == 1 ? LinkSignal.Written.ONE : new LinkSignal.Written(pieces));
    }
  }
}
