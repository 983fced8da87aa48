package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks at the first bytes of a connection without TLS: they are those of HTTP/2, or of http/1.1.
 * Source: RFC 9113 section 3.3.
 */
final class ServerPrefaceGate extends ByteToMessageDecoder {

  private final ServerListening listening;
  private final Consumer<Channel> multiplexed;
  private final Consumer<Channel> single;
  private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
  private final Deadline deadline;
  private final long limitNanos;
  private boolean begun;

  /**
   * A gate in front of everything.
   *
   * @param listening what all connections of the listener share
   * @param channel the accepted channel
   * @param multiplexed takes over a connection of HTTP/2
   * @param single takes over any other
   */
  ServerPrefaceGate(
      ServerListening listening,
      Channel channel,
      Consumer<Channel> multiplexed,
      Consumer<Channel> single) {
    this.listening = listening;
    this.multiplexed = multiplexed;
    this.single = single;
    this.deadline = new Deadline(channel.eventLoop(), () -> Channels.close(channel));
    this.limitNanos = listening.settings().servers().head().toNanos();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int size = Math.min(in.readableBytes(), preface.readableBytes());
    boolean same = true;
    for (int i = 0; i < size && same; i++) {
      same = in.getByte(in.readerIndex() + i) == preface.getByte(i);
    }
    if (!same) {
      single.accept(context.channel());
      context.pipeline().remove(this);
    } else if (size == preface.readableBytes()) {
      multiplexed.accept(context.channel());
      context.pipeline().remove(this);
    } else if (!begun) {
      begun = true;
      deadline.arm(limitNanos);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    deadline.stop();
    preface.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ServerExit.failed(listening.plan().streamType(), context.channel(), cause);
    Channels.close(context.channel());
  }
}
