package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose peer may still be sending: our side is shut, what comes is thrown away
 * until the peer closes, for at most 3 s. Closing at once would make the system answer with a
 * reset, which can overtake our last words. Source: RFC 9112 section 9.6.
 */
public final class Linger extends ChannelInboundHandlerAdapter {

  /** The longest a farewell may take, in seconds. */
  public static final int SECONDS = 3;

  private final ScheduledFuture<?> limit;

  private Linger(Channel channel) {
    limit = channel.eventLoop().schedule(() -> Channels.close(channel), SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Lingers on a connection from which all handlers of ours were removed, or are about to be.
   *
   * @param channel the connection
   * @param lastWords completes when the last of our bytes is written
   */
  public static void on(Channel channel, ChannelFuture lastWords) {
    Channels.append(channel, new Linger(channel));
    lastWords.addListener(written -> shut(channel));
    channel.read();
  }

  private static void shut(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound().addListener(closed -> shutSocket(channel));
    } else {
      shutSocket(channel);
    }
  }

  private static void shutSocket(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput().addListener(shut -> {});
    } else {
      Channels.close(channel);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    limit.cancel(false);
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Channels.close(context.channel());
  }
}
