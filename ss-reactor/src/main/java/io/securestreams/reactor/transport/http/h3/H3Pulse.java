package io.securestreams.reactor.transport.http.h3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts the datagrams of a connection's peer, in front of QUIC: who sends some is there. */
final class H3Pulse extends ChannelInboundHandlerAdapter {

  private final Runnable onBeat;
  private long heard;

  /**
   * Nothing was heard yet.
   *
   * @param onBeat run after something came
   */
  H3Pulse(Runnable onBeat) {
    this.onBeat = onBeat;
  }

  /** Datagrams so far. */
  long heard() {
    return heard;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    heard++;
    ctx.fireChannelRead(msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    onBeat.run();
  }
}
