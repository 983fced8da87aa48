package io.securestreams.reactor.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Answers whatever it reads on a name of Linux' abstract name space. */
public final class AbstractSocketPeer implements AutoCloseable {

  private final String name;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  /**
   * Starts to listen.
   *
   * @param name without {@code @}
   * @param answer to what was read at once
   */
  public AbstractSocketPeer(String name, UnaryOperator<String> answer) {
    this.name = name;
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerDomainSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Answering(answer));
              }
            })
        .bind(new DomainSocketAddress('\0' + name))
        .syncUninterruptibly();
  }

  private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {

    private final UnaryOperator<String> answer;

    Answering(UnaryOperator<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      String text = answer.apply(message.toString(StandardCharsets.ISO_8859_1));
      context
          .writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  /** Where it listens. */
  public String name() {
    return "@" + name;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
