package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.reactor.netty.Channels;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until an accepted connection can be used: it is active, and secured if it has to be. */
public final class ReadyGate extends ChannelInboundHandlerAdapter {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReadyGate.class);

  private final String streamType;
  private final Consumer<Channel> opened;

  /**
   * A gate at the end of a pipeline.
   *
   * @param streamType for logs
   * @param opened takes the connection over; the gate has left the pipeline by then
   */
  public ReadyGate(String streamType, Consumer<Channel> opened) {
    this.streamType = streamType;
    this.opened = opened;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (context.pipeline().get(SslHandler.class) == null) {
      open(context);
    } else {
      // This read starts the handshake.
      context.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess() && context.channel().isActive()) {
        open(context);
      } else if (!handshake.isSuccess()) {
        exceptionCaught(context, handshake.cause());
      }
    }
    ReferenceCountUtil.release(event);
  }

  private void open(ChannelHandlerContext context) {
    Channel channel = context.channel();
    context.pipeline().remove(this);
    opened.accept(channel);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOGGER
        .atDebug()
        .addKeyValue("streamType", streamType)
        .addKeyValue("peer", Channels.peer(context.channel()).orElse("unknown"))
        .addKeyValue("failure", cause.toString())
        .log("Connection failed before it could be used");
    Channels.close(context.channel());
  }
}
