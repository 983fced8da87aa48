package io.securestreams.reactor.transport.ws;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.BugException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Linger;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket, of either side, behind the codec. Used on the channel's event loop.
 *
 * <p>Without credit the socket is not read. What was read beyond the credit waits, with the end of
 * the connection behind it; one read of the socket bounds it.
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

    /** Tells that the connection is gone, or about to go; nothing is told afterwards. */
    void ended(WsEnd end);
  }

  /** Who we are; a server closes the socket. Source: RFC 6455, 7.1.1. */
  enum Side {
    CLIENT,
    SERVER;

    Side other() {
      return this == CLIENT ? SERVER : CLIENT;
    }
  }

  /** Where the connection stands. */
  private enum Stage {
    OPEN,
    /** Our farewell is sent; until the connection ends, what comes is thrown away. */
    CLOSING,
    /** Nothing is received or sent any more. */
    CLOSED
  }

  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;
  private static final int INTERNAL_ERROR = 1011;

  private final Channel channel;
  private final Side side;
  private final Owner owner;
  private final WsSender sender;
  private final int frameBytes;
  private final WsReceiver receiver;
  private final WebSocket13FrameDecoder decoder;
  private final WsFrameEncoder encoder;

  /** Frames without credit, copied: they may wait for long, or for ever. */
  private final ArrayDeque<LinkSignal.Frame> backlog = new ArrayDeque<>(2);

  private Stage stage = Stage.OPEN;
  private boolean readPending;
  private boolean flushDue;
  private boolean delivering;
  @Nullable private WsEnd pendingEnd;

  private WsChannel(Channel channel, Side side, Owner owner, WsTerms terms) {
    this.channel = channel;
    this.side = side;
    this.owner = owner;
    this.encoder = new WsFrameEncoder(side);
    this.sender = new WsSender(channel, encoder, owner, terms.text(), terms.deflater(side));
    this.receiver = new WsReceiver(terms.settings().messageBytes(), terms.inflater(side));
    this.frameBytes = terms.settings().frameBytes();
    this.decoder =
        new WebSocket13FrameDecoder(
            WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(frameBytes)
                .expectMaskedFrames(side == Side.SERVER)
                .allowExtensions(terms.compression().isPresent())
                .closeOnProtocolViolation(false)
                .build());
  }

  /**
   * Begins to speak WebSocket, in a batch of received messages. The channel does not read by
   * itself.
   *
   * @param channel a connection whose handshake is over
   * @param side who we are
   * @param owner whose messages these are
   * @param terms what was agreed on
   */
  static WsChannel on(Channel channel, Side side, Owner owner, WsTerms terms) {
    WsChannel socket = new WsChannel(channel, side, owner, terms);
    Channels.append(channel, socket.decoder, socket.encoder, socket);
    return socket;
  }

  // What the channel tells.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    sender.hold();
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
    sender.release();
    readIfWanted();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    sender.end();
    receiver.end();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      sender.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    endAfterBacklog(WsEnd.gone(null));
    context.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      Channels.close(channel);
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    endAfterBacklog(WsEnd.of(cause, frameBytes));
  }

  private void readIfWanted() {
    if (sender.isHeld() || readPending) {
      return;
    }
    boolean wanted =
        switch (stage) {
          case OPEN -> backlog.isEmpty() && pendingEnd == null && owner.hasCredit();
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
    if (stage == Stage.CLOSING) {
      // A client leaves it to the server to close the socket.
      if (frame instanceof CloseWebSocketFrame && side == Side.SERVER) {
        closeChannel();
      }
    } else if (stage == Stage.OPEN && pendingEnd == null) {
      WsEnd objection = receiver.objectionTo(frame);
      if (objection == null) {
        receivedInOrder(frame);
      } else {
        endAfterBacklog(objection);
      }
    }
  }

  private void receivedInOrder(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      sender.pong(frame);
    } else if (frame instanceof PongWebSocketFrame) {
      owner.signal(LinkSignal.Event.ALIVE);
    } else if (frame instanceof CloseWebSocketFrame close) {
      endAfterBacklog(WsEnd.closed(close));
    } else {
      receivedData(frame);
    }
  }

  private void receivedData(WebSocketFrame frame) {
    LinkSignal.Frame piece = receiver.piece(frame);
    WsEnd objection = receiver.objection();
    if (objection != null) {
      endAfterBacklog(objection);
    } else if (piece != null && (!backlog.isEmpty() || !deliver(piece))) {
      backlog.add(piece);
    }
  }

  private boolean deliver(LinkSignal.Frame frame) {
    boolean endMark = frame.payload().isEmpty() && frame.flags().bits() == MessageFlags.EOM.bits();
    if (!endMark && !owner.claimCredit()) {
      return false;
    }
    owner.signal(frame);
    return true;
  }

  private void deliverBacklog() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      for (LinkSignal.Frame next = backlog.peek(); next != null; next = backlog.peek()) {
        if (!deliver(next)) {
          return;
        }
        // Empty, if the link was given up meanwhile.
        backlog.poll();
      }
    } finally {
      delivering = false;
    }
    WsEnd end = pendingEnd;
    if (end != null) {
      finish(end);
    }
  }

  // Ends.

  /** Ends in order: after what was received before. */
  private void endAfterBacklog(WsEnd end) {
    if (stage == Stage.CLOSING) {
      closeChannel();
    } else if (stage == Stage.OPEN && pendingEnd == null) {
      pendingEnd = end;
      if (backlog.isEmpty()) {
        finish(end);
      }
    }
  }

  /** Ends the connection, by no wish of the application. */
  private void finish(WsEnd end) {
    if (stage != Stage.OPEN) {
      return;
    }
    stage = Stage.CLOSED;
    backlog.clear();
    sender.stop();
    owner.ended(end);
    if (!end.hasFarewell() || !channel.isActive()) {
      closeChannel();
    } else if (side == Side.CLIENT && end.isPeersWish()) {
      sender.close(end.closeCode()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      closeSoon();
    } else {
      Linger.on(channel, sender.close(end.closeCode()));
      channel.pipeline().remove(this);
      channel.pipeline().remove(decoder);
    }
  }

  /** The peer has a while to end the connection. */
  private void closeSoon() {
    stage = Stage.CLOSING;
    channel
        .eventLoop()
        .schedule(this::closeChannel, Linger.SECONDS, TimeUnit.SECONDS)
        .addListener(timer -> {});
    readIfWanted();
  }

  private void closeChannel() {
    stage = Stage.CLOSED;
    Channels.close(channel);
  }

  // What the owner commands.

  /** There is more credit than before. */
  void credited() {
    if (sender.isHeld()) {
      deliverBacklog();
      return;
    }
    sender.hold();
    try {
      deliverBacklog();
    } finally {
      sender.release();
    }
    readIfWanted();
  }

  /** Takes a piece; it goes out with the next flush. */
  void send(TxPiece piece) {
    if (stage == Stage.OPEN && pendingEnd == null && !sender.send(piece)) {
      finish(WsEnd.fault("Piece is out of order, with flags " + piece.flags()));
    }
  }

  /** Asks the peer for a pong. */
  void ping() {
    if (stage == Stage.OPEN) {
      sender.ping();
    }
  }

  /**
   * What was sent goes out at the end of a batch of received frames; outside of one, when the event
   * loop is done with what it is doing: of a broadcast, or of an application that answers on one
   * connection what it hears on another, much more follows in the same turn.
   */
  void flush() {
    if (!sender.isHeld() && !flushDue) {
      flushDue = true;
      channel.eventLoop().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushDue = false;
    sender.flush();
  }

  /** Source: RFC 6455, 7.4.1. */
  private static int codeOf(LinkClose how) {
    return switch (how) {
      case NORMAL -> NORMAL;
      case GOING_AWAY -> GOING_AWAY;
      case FAULT -> INTERNAL_ERROR;
      case ABORT -> throw new BugException("an aborted connection says no good-bye");
    };
  }

  /**
   * Closes; the owner is told nothing more.
   *
   * @param how what the peer is told
   */
  void close(LinkClose how) {
    if (stage != Stage.OPEN) {
      return;
    }
    backlog.clear();
    if (how == LinkClose.ABORT || !channel.isActive()) {
      sender.stop();
      closeChannel();
      return;
    }
    sender.finishPieces();
    ChannelFuture farewell = sender.close(codeOf(how));
    if (side == Side.SERVER && pendingEnd != null) {
      // The peer's own close frame is here already: this answers it.
      farewell.addListener(ChannelFutureListener.CLOSE);
    }
    closeSoon();
  }
}
