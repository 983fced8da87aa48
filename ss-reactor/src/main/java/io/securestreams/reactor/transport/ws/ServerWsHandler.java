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
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ServerConnection;
import io.securestreams.reactor.transport.http.ServerFlush;
import io.securestreams.reactor.transport.http.ServerLinger;
import io.securestreams.reactor.transport.http.ServerPhase;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket phase of an accepted connection. Used on the channel's event loop.
 *
 * <p>Without credit the socket is not read. What was read beyond the credit waits, with the end of
 * the connection behind it; one read of the socket bounds it.
 */
final class ServerWsHandler extends ChannelInboundHandlerAdapter implements ServerPhase {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerWsHandler.class);

  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;

  /** Where the connection stands. */
  private enum Stage {
    OPEN,
    /** We asked to close, and wait for the peer's answer. */
    CLOSING,
    /** Nothing is received or sent any more. */
    CLOSED
  }

  private final ServerConnection connection;
  private final Channel channel;
  private final ServerWsRules rules;
  private final int frameBytes;
  private final ServerWsWriter writer;
  private final int opcode;
  private final ServerFlush flush;
  private final ChannelFutureListener pieceWritten = this::pieceWritten;

  /** Frames without credit, copied: they may wait for long, or for ever. */
  private final ArrayDeque<LinkSignal.Frame> backlog = new ArrayDeque<>(2);

  private Stage stage = Stage.OPEN;
  private boolean readPending;
  private boolean inTxMessage;
  @Nullable private ServerWsEnd pendingEnd;

  /**
   * The handler of a connection in a batch of received messages; the answer to its upgrade is
   * written, and not flushed.
   *
   * @param connection what was upgraded
   * @param plan kind of sent frames
   * @param settings limits of received ones
   */
  ServerWsHandler(ServerConnection connection, ServerPlan plan, TransportSettings settings) {
    this.connection = connection;
    this.channel = connection.channel();
    this.rules = new ServerWsRules(settings);
    this.frameBytes = settings.frameBytes();
    this.writer = new ServerWsWriter(channel.alloc());
    this.opcode = plan.textFrames() ? ServerWsWriter.TEXT : ServerWsWriter.BINARY;
    this.flush = new ServerFlush(channel);
    flush.batchBegins();
    flush.written();
  }

  // What the channel tells.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    flush.batchBegins();
    try {
      if (message instanceof WebSocketFrame frame) {
        received(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
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
    endAfterBacklog(ServerWsEnd.gone(null));
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
    endAfterBacklog(ServerWsEnd.of(cause, frameBytes));
  }

  private void readIfWanted() {
    if (flush.isHeld() || readPending) {
      return;
    }
    boolean wanted =
        switch (stage) {
          case OPEN -> backlog.isEmpty() && pendingEnd == null && connection.hasCredit();
          case CLOSING -> true;
          case CLOSED -> false;
        };
    if (wanted) {
      readPending = true;
      channel.read();
    }
  }

  // What was received.

  private void received(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      pong(frame);
    } else if (frame instanceof PongWebSocketFrame) {
      connection.signal(LinkSignal.Event.ALIVE);
    } else if (frame instanceof CloseWebSocketFrame close) {
      endAfterBacklog(ServerWsEnd.closed(close));
    } else if (stage == Stage.OPEN && pendingEnd == null) {
      receivedData(frame);
    }
  }

  private void receivedData(WebSocketFrame frame) {
    boolean first = !rules.isInMessage();
    boolean last = frame.isFinalFragment();
    byte[] bytes = new byte[frame.content().readableBytes()];
    frame.content().readBytes(bytes);
    Optional<ServerWsEnd> breach = rules.take(frame instanceof TextWebSocketFrame, last, bytes);
    if (breach.isPresent()) {
      endAfterBacklog(breach.get());
    } else if (first || last || bytes.length > 0) {
      // An empty piece in the middle says nothing.
      LinkSignal.Frame signal =
          new LinkSignal.Frame(Payload.wrap(bytes), MessageFlags.of(first, last));
      if (!backlog.isEmpty() || !deliver(signal)) {
        backlog.add(signal);
      }
    }
  }

  private boolean deliver(LinkSignal.Frame frame) {
    boolean endMark = frame.payload().isEmpty() && frame.flags().bits() == MessageFlags.EOM.bits();
    if (!endMark && !connection.claimCredit()) {
      return false;
    }
    connection.signal(frame);
    return true;
  }

  private void deliverBacklog() {
    for (LinkSignal.Frame next = backlog.peek(); next != null; next = backlog.peek()) {
      backlog.remove();
      if (!deliver(next)) {
        backlog.addFirst(next);
        return;
      }
    }
    ServerWsEnd end = pendingEnd;
    if (end != null) {
      finish(end);
    }
  }

  private void pong(WebSocketFrame ping) {
    // A peer that does not read gets no more: RFC 6455, 5.5.3 asks for the latest answer only.
    if (stage == Stage.OPEN && channel.isWritable()) {
      write(writer.frame(ServerWsWriter.PONG, true, ping.content().nioBuffer()))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  // Ends.

  /** Ends in order: after what was received before. */
  private void endAfterBacklog(ServerWsEnd end) {
    if (stage == Stage.CLOSING) {
      stage = Stage.CLOSED;
      closeChannel();
    } else if (stage == Stage.OPEN && pendingEnd == null) {
      pendingEnd = end;
      if (backlog.isEmpty()) {
        finish(end);
      }
    }
  }

  /** Ends the connection, by no wish of the application. */
  private void finish(ServerWsEnd end) {
    if (stage != Stage.OPEN) {
      return;
    }
    stage = Stage.CLOSED;
    backlog.clear();
    tell(end);
    if (end.hasFarewell() && channel.isActive()) {
      ServerLinger.on(channel, channel.writeAndFlush(writer.close(end.closeCode())));
      channel.pipeline().remove(this);
      channel.pipeline().remove(WebSocket13FrameDecoder.class);
    } else {
      closeChannel();
    }
  }

  private void tell(ServerWsEnd end) {
    String peer = connection.peerName();
    LOGGER
        .atDebug()
        .addKeyValue("streamType", connection.streamType())
        .addKeyValue("peer", peer)
        .addKeyValue("failure", end.kind())
        .setCause(end.cause())
        .log(end.what());
    connection.ended(
        new LinkException(
            end.kind(),
            end.what() + ": " + connection.streamType() + ", client " + peer,
            peer,
            end.cause()));
  }

  private void closeChannel() {
    Channels.close(channel);
  }

  // What the observer commands.

  @Override
  public void credited() {
    deliverBacklog();
    readIfWanted();
  }

  @Override
  public void answer(Answer answer) {
    // A WebSocket has no answers; the reference ignores acknowledgements there, too.
  }

  @Override
  public void send(TxPiece piece) {
    if (stage != Stage.OPEN || pendingEnd != null) {
      return;
    }
    if (piece.flags().som() == inTxMessage) {
      finish(ServerWsEnd.fault("Piece is out of order, with flags " + piece.flags()));
      return;
    }
    int code = inTxMessage ? ServerWsWriter.CONTINUATION : opcode;
    boolean last = piece.flags().eom();
    inTxMessage = !last;
    write(writer.frame(code, last, piece.payload().asByteBuffer())).addListener(pieceWritten);
  }

  private void pieceWritten(ChannelFuture written) {
    if (written.isSuccess()) {
      connection.signal(LinkSignal.Written.ONE);
    }
  }

  private ChannelFuture write(ByteBuf frame) {
    flush.written();
    return channel.write(frame);
  }

  @Override
  public void flush() {
    flush.flush();
  }

  @Override
  public void ping() {
    if (stage == Stage.OPEN) {
      write(writer.ping()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  @Override
  public void close(LinkClose how) {
    if (stage != Stage.OPEN) {
      return;
    }
    backlog.clear();
    if (how == LinkClose.ABORT || !channel.isActive()) {
      stage = Stage.CLOSED;
      closeChannel();
      return;
    }
    // The peer's own close frame may be here already: then this answers it.
    stage = pendingEnd == null ? Stage.CLOSING : Stage.CLOSED;
    ChannelFuture farewell = write(writer.close(how == LinkClose.NORMAL ? NORMAL : GOING_AWAY));
    if (stage == Stage.CLOSED) {
      farewell.addListener(ChannelFutureListener.CLOSE);
    }
    flush.flush();
    channel
        .eventLoop()
        .schedule(this::closeChannel, ServerLinger.SECONDS, TimeUnit.SECONDS)
        .addListener(timer -> {});
    readIfWanted();
  }
}
