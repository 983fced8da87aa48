package io.securestreams.reactor.netty;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * The last handler of a connection: what no other takes ends here, without a word in the log.
 * Errors reach it only when nobody is interested any more.
 */
@Sharable
final class PipelineEnd extends ChannelInboundHandlerAdapter {

  static final PipelineEnd INSTANCE = new PipelineEnd();

  private PipelineEnd() {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Channels.close(context.channel());
  }
}
