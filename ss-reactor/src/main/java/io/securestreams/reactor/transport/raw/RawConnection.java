package io.securestreams.reactor.transport.raw;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.ConnectionLink;
import io.securestreams.reactor.netty.Linger;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a byte stream. Lives on its event loop.
 *
 * <p>The socket is read while there is credit, and written while it takes something: what waits is
 * bounded by one read, and by the window of the link.
 */
final class RawConnection extends ChannelInboundHandlerAdapter
    implements ConnectionLink.Session, ChannelFutureListener {

  private final ConnectionLink link;
  private final RawEnds ends;
  private final Channel channel;

  /** Received without credit: the rest of a read. */
  private final Queue<Payload> backlog = new ArrayDeque<>(2);

  /** What the socket does not take yet. */
  private final Queue<TxPiece> waiting = new ArrayDeque<>(2);

  private long delivered;
  private int written;
  private boolean draining;
  private boolean delivering;
  private boolean over;

  /** The peer sends nothing more, and may still take something. */
  private boolean listens;

  @Nullable private LinkException end;

  /**
   * The connection of a link.
   *
   * @param link gives what is to be sent, and is told what happens
   * @param ends puts in words how it ends
   * @param channel is active, and secured if it has to be
   */
  RawConnection(ConnectionLink link, RawEnds ends, Channel channel) {
    this.link = link;
    this.ends = ends;
    this.channel = channel;
  }

  @Override
  public void install() {
    Channels.append(channel, this);
    link.emit(LinkSignal.Up.PLAIN);
    readIfWanted();
  }

  @Override
  public Channel channel() {
    return channel;
  }

  // Receiving.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      if (!over && buffer.isReadable()) {
        backlog.add(Payloads.copy(buffer));
        deliver();
      }
    } finally {
      buffer.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readIfWanted();
  }

  @Override
  public void credited() {
    deliver();
    readIfWanted();
  }

  private boolean hasCredit() {
    return link.requested() > delivered;
  }

  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (hasCredit() && !over) {
        Payload next = backlog.poll();
        if (next == null) {
          break;
        }
        delivered++;
        link.emit(new LinkSignal.Frame(next, MessageFlags.NONE));
      }
    } finally {
      delivering = false;
    }
    finishIfEmpty();
  }

  private void readIfWanted() {
    if (over || end != null) {
      return;
    }
    if (link.requested() == Long.MAX_VALUE) {
      channel.config().setAutoRead(true);
    } else if (backlog.isEmpty() && hasCredit()) {
      channel.read();
    }
  }

  // Sending.

  @Override
  public void send(TxPiece piece) {
    take();
    waiting.add(piece);
    drain();
  }

  /** Sends what was given, as far as the socket takes it. */
  @Override
  public void drain() {
    if (draining || over) {
      return;
    }
    draining = true;
    try {
      // What is told, and a socket that takes more, bring more to write.
      do {
        writeWhileWritable();
        channel.flush();
        tellWritten();
      } while (isWaiting() && channel.isWritable() && !over);
    } finally {
      draining = false;
    }
  }

  private void take() {
    for (TxPiece next = link.nextPiece(); next != null; next = link.nextPiece()) {
      waiting.add(next);
    }
  }

  private boolean isWaiting() {
    take();
    return !waiting.isEmpty();
  }

  private void writeWhileWritable() {
    while (isWaiting() && channel.isWritable()) {
      write(waiting.remove());
    }
  }

  private void write(TxPiece piece) {
    channel.write(Payloads.buffer(channel.alloc(), piece.payload())).addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture piece) {
    // A failed one is followed by the end of the connection, which is told by itself.
    if (piece.isSuccess()) {
      written++;
      if (!draining) {
        tellWritten();
      }
    }
  }

  private void tellWritten() {
    int pieces = written;
    if (pieces > 0 && !over) {
      written = 0;
      link.emit(pieces == 1 ? LinkSignal.Written.ONE : new LinkSignal.Written(pieces));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      drain();
    }
  }

  // Ends.

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ended(ends.failure(cause));
    Channels.close(channel);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended(ends.left());
    context.fireChannelInactive();
  }

  /** A peer that sends nothing more has closed, but may still take what it was sent. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess())) {
      listens = true;
      ended(ends.left());
    }
    ReferenceCountUtil.release(event);
  }

  private void ended(LinkException cause) {
    if (end == null) {
      end = cause;
      finishIfEmpty();
    }
  }

  /** In order: after what was received before. */
  private void finishIfEmpty() {
    LinkException cause = end;
    if (cause != null && backlog.isEmpty() && !delivering && !over) {
      over = true;
      link.finish(new LinkSignal.Closed(cause));
      if (listens) {
        sayTheRest().addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  private ChannelFuture sayTheRest() {
    while (isWaiting()) {
      write(waiting.remove());
    }
    return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  /** A byte stream proves nothing. */
  @Override
  public void ping() {}

  @Override
  public void close(LinkClose how) {
    if (over) {
      return;
    }
    over = true;
    backlog.clear();
    if (how == LinkClose.ABORT || !channel.isActive()) {
      Channels.close(channel);
      return;
    }
    ChannelFuture rest = sayTheRest();
    if (channel.pipeline().context(this) != null) {
      channel.pipeline().remove(this);
    }
    Linger.on(channel, rest);
  }
}
