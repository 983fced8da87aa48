package io.securestreams.reactor.transport.http.h3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicChannel;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.QuicFarewell;
import io.securestreams.reactor.spi.ServerLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a UDP socket lets in. QUIC has no backlog: while nobody is let in, the first packets of
 * clients are not heard, and they send them again. The socket is closed when it lets nobody in any
 * more and the last connection has ended. On the socket's event loop, unless it says otherwise.
 */
final class H3Reception extends ChannelInboundHandlerAdapter {

  /** Header form, fixed bit and type of a packet that begins a connection. Source: RFC 9000. */
  private static final int KIND = 0xf0;

  private static final int INITIAL = 0xc0;

  private final int limit;

  private volatile H3Listening current;
  private volatile boolean wanted = true;
  private volatile boolean closing;
  @Nullable private ChannelHandlerContext socket;
  private int open;

  H3Reception(H3Listening first, ServerLimits limits) {
    this.current = first;
    this.limit = limits.connections();
  }

  /** What the next connection shares with those after it. Any thread. */
  H3Listening current() {
    return current;
  }

  /** Puts another plan in force; connections of the one before leave. Any thread. */
  synchronized void replace(H3Listening next) {
    H3Listening before = current;
    current = next;
    before.http().connections().leave();
  }

  /** Whether connections are wanted at all. Any thread. */
  void wanted(boolean value) {
    wanted = value;
  }

  /** Lets nobody in any more, and has all connections leave. Any thread. */
  void close() {
    closing = true;
    current.http().connections().leave();
    Optional.ofNullable(socket).ifPresent(ctx -> Channels.run(ctx.channel(), this::closeIfSpent));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    socket = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof DatagramPacket packet && (closing || !wanted) && begins(packet)) {
      packet.release();
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private static boolean begins(DatagramPacket packet) {
    return packet.content().isReadable()
        && (packet.content().getByte(packet.content().readerIndex()) & KIND) == INITIAL;
  }

  /** A handshake begins. */
  void accepted(QuicChannel channel) {
    open++;
    channel.closeFuture().addListener(closed -> left());
    if (open > limit) {
      QuicFarewell.REFUSED.to(channel);
    } else {
      new H3ServerConnection(channel, current.http()).begin();
    }
  }

  private void left() {
    open--;
    closeIfSpent();
  }

  private void closeIfSpent() {
    ChannelHandlerContext ctx = socket;
    if (closing && open == 0 && ctx != null) {
      Channels.closeLater(ctx.channel().eventLoop(), ctx.channel());
    }
  }
}
