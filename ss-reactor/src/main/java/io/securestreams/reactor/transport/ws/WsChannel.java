package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ServerFlush;
import io.securestreams.reactor.transport.http.ServerLinger;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An open WebSocket, of either side, behind its frame decoder. Used on the channel's event loop.
 *
 * <p>Without credit the socket is not read. What was decoded beyond the credit waits in order, with
 * the end of the connection behind it; pings and pongs do not wait.
 */
final class WsChannel extends ChannelInboundHandlerAdapter {

  /** Whose messages these are. */
  interface Owner {

    /** True if a received frame may be signalled. */
    boolean hasCredit();

    /** Uses credit for one frame, if there is any. */
    boolean claimCredit();

    /** Tells a signal. */
    void signal(LinkSignal signal);

    /** Tells that the connection is gone, or about to go. */
    void ended(WsEnd end);
  }

  /** Who we are; a server closes the socket. Source: RFC 6455 section 7.1.1. */
  enum Side {
    CLIENT,
    SERVER
  }

  /** Where the connection stands. */
  private enum Stage {
    OPEN,
    /** We asked to close, and wait for the peer's answer. */
    CLOSING,
    /** Nothing is received or sent any more. */
    CLOSED
  }

  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;

  private final Channel channel;
  private final Side side;
  private final Owner owner;
  private final WsFrameWriter writer;
  private final WsMessageRules rules;
  private final int frameBytes;
  private final int opcode;
  private final ServerFlush flush;
  private final ChannelFutureListener pieceWritten = this::pieceWritten;

  /** Frames, and at last a {@link WsEnd}. */
  private final ArrayDeque<Object> backlog = new ArrayDeque<>(2);

  private Stage stage = Stage.OPEN;
  private boolean readPending;
  private boolean taking;
  private boolean inTxMessage;

  /**
   * A WebSocket in its first batch of received messages; what was written before is not flushed.
   *
   * @param channel the connection
   * @param side who we are
   * @param owner whose messages these are
   * @param writer encodes frames of our side
   * @param rules what is accepted
   * @param format kind of sent messages, and the limit of received frames
   */
  WsChannel(
      Channel channel,
      Side side,
      Owner owner,
      WsFrameWriter writer,
      WsMessageRules rules,
      Format format) {
    this.channel = channel;
    this.side = side;
    this.owner = owner;
    this.writer = writer;
    this.rules = rules;
    this.frameBytes = format.frameBytes();
    this.opcode = format.text() ? WsFrameWriter.TEXT : WsFrameWriter.BINARY;
    this.flush = new ServerFlush(channel);
    flush.batchBegins();
    flush.written();
  }

  /**
   * What frames are like.
   *
   * @param text whether messages are sent as text
   * @param frameBytes most bytes of a received frame
   */
  record Format(boolean text, int frameBytes) {}

  // What the channel tells.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    flush.batchBegins();
    if (!(message instanceof WebSocketFrame frame) || stage == Stage.CLOSED) {
      ReferenceCountUtil.release(message);
    } else if (frame instanceof PingWebSocketFrame) {
      pong(frame);
    } else if (frame instanceof PongWebSocketFrame) {
      frame.release();
      owner.signal(LinkSignal.Event.ALIVE);
    } else {
      backlog.add(frame);
      take();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readPending = false;
    flush.batchEnds();
    readIfWanted();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(WsEnd.gone(null));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      closeChannel();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(WsEnd.of(cause, frameBytes));
  }

  /** Ends in order: after the frames that still wait. */
  private void end(WsEnd end) {
    if (stage == Stage.CLOSING) {
      stage = Stage.CLOSED;
      closeChannel();
    } else if (stage == Stage.OPEN && !(backlog.peekLast() instanceof WsEnd)) {
      backlog.add(end);
      take();
    }
  }

  private void readIfWanted() {
    if (flush.isHeld() || readPending) {
      return;
    }
    boolean wanted =
        switch (stage) {
          case OPEN -> backlog.isEmpty() && owner.hasCredit();
          case CLOSING -> true;
          case CLOSED -> false;
        };
    if (wanted) {
      readPending = true;
      channel.read();
    }
  }

  // What was received.

  private void take() {
    if (taking) {
      return;
    }
    taking = true;
    try {
      for (Object next = backlog.poll(); next != null; next = backlog.poll()) {
        if (!take(next)) {
          backlog.addFirst(next);
          return;
        }
      }
    } finally {
      taking = false;
    }
  }

  private boolean take(Object next) {
    if (next instanceof WsEnd end) {
      finish(end);
      return true;
    }
    WebSocketFrame frame = (WebSocketFrame) next;
    if (frame instanceof CloseWebSocketFrame close) {
      peerCloses(close);
      return true;
    }
    if (stage != Stage.OPEN) {
      frame.release();
      return true;
    }
    return takeData(frame);
  }

  private boolean takeData(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    boolean last = frame.isFinalFragment();
    boolean first = !rules.isInMessage();
    boolean empty = !content.isReadable();
    // An empty fragment says nothing, except that a message begins or ends.
    boolean told = first || last || !empty;
    boolean endMark = empty && last && !first;
    if (told && !endMark && !owner.claimCredit()) {
      return false;
    }
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    frame.release();
    Optional<WsEnd> breach = rules.take(frame instanceof TextWebSocketFrame, last, bytes);
    if (breach.isPresent()) {
      finish(breach.get());
    } else if (told) {
      owner.signal(new LinkSignal.Frame(Payload.wrap(bytes), MessageFlags.of(first, last)));
    }
    return true;
  }

  private void pong(WebSocketFrame ping) {
    // A peer that does not read gets no more: answering the latest of its pings would do.
    if (stage == Stage.OPEN && channel.isWritable()) {
      write(writer.frame(WsFrameWriter.PONG, true, ping.content().nioBuffer()))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
    ping.release();
  }

  private void peerCloses(CloseWebSocketFrame close) {
    int code = Math.max(close.statusCode(), 0);
    close.release();
    boolean asked = stage == Stage.CLOSING;
    stage = Stage.CLOSED;
    dropBacklog();
    ChannelFuture farewell = asked ? channel.newSucceededFuture() : write(writer.close(code));
    flush.flush();
    owner.ended(WsEnd.closedByPeer(code));
    if (side == Side.SERVER) {
      farewell.addListener(written -> closeChannel());
    }
    closeLater();
    channel.read();
  }

  /** Ends the connection, by no wish of ours. */
  private void finish(WsEnd end) {
    stage = Stage.CLOSED;
    dropBacklog();
    if (end.closeCode() == 0 || !channel.isActive()) {
      closeChannel();
    } else {
      ServerLinger.on(channel, channel.writeAndFlush(writer.close(end.closeCode())));
      channel.pipeline().remove(this);
      channel.pipeline().remove(WebSocket13FrameDecoder.class);
    }
    owner.ended(end);
  }

  /**
   * Forgets what waits.
   *
   * @return whether the peer's end was among it
   */
  private boolean dropBacklog() {
    boolean ended = false;
    for (Object next = backlog.poll(); next != null; next = backlog.poll()) {
      ended |= next instanceof CloseWebSocketFrame || next instanceof WsEnd;
      ReferenceCountUtil.release(next);
    }
    return ended;
  }

  // What the owner commands.

  /** There is more credit than before. */
  void credited() {
    take();
    readIfWanted();
  }

  /** Writes a piece, without a flush. */
  void send(TxPiece piece) {
    if (stage != Stage.OPEN) {
      return;
    }
    if (piece.flags().som() == inTxMessage) {
      finish(WsEnd.fault("Piece sent out of order, with flags " + piece.flags()));
      return;
    }
    int code = inTxMessage ? WsFrameWriter.CONTINUATION : opcode;
    boolean last = piece.flags().eom();
    inTxMessage = !last;
    write(writer.frame(code, last, piece.payload().asByteBuffer())).addListener(pieceWritten);
  }

  private void pieceWritten(ChannelFuture written) {
    if (written.isSuccess()) {
      owner.signal(LinkSignal.Written.ONE);
    }
  }

  /** Asks the peer for a pong. */
  void ping() {
    if (stage == Stage.OPEN) {
      write(writer.ping()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  /** What was written goes out, at the end of a batch of received frames. */
  void flush() {
    flush.flush();
  }

  /** Closes; the owner is told nothing more. */
  void close(LinkClose how) {
    if (stage != Stage.OPEN) {
      return;
    }
    boolean ended = dropBacklog();
    if (how == LinkClose.ABORT) {
      stage = Stage.CLOSED;
      closeChannel();
      return;
    }
    stage = ended ? Stage.CLOSED : Stage.CLOSING;
    ChannelFuture farewell = write(writer.close(how == LinkClose.NORMAL ? NORMAL : GOING_AWAY));
    if (ended) {
      farewell.addListener(written -> closeChannel());
    }
    flush.flush();
    closeLater();
    readIfWanted();
  }

  private ChannelFuture write(ByteBuf frame) {
    flush.written();
    return channel.write(frame);
  }

  private void closeLater() {
    channel
        .eventLoop()
        .schedule(this::closeChannel, ServerLinger.SECONDS, TimeUnit.SECONDS)
        .addListener(timer -> {});
  }

  private void closeChannel() {
    channel.close().addListener(closed -> {});
  }
}
