package io.securestreams.reactor.transport.http.h3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.netty.QuicFarewell;
import io.securestreams.reactor.transport.http.server.ServerConnections;
import io.securestreams.reactor.transport.http.server.ServerExit;
import io.securestreams.reactor.transport.http.server.ServerListening;

/**
 * A client's HTTP/3 connection, on its event loop: each of its request streams is a link of its
 * own, the connection is none.
 */
final class H3ServerConnection implements ServerConnections.Member {

  /** Distance of the client's request streams from each other. Source: RFC 9000 section 2.1. */
  private static final int NEXT = 4;

  private final QuicChannel channel;
  private final ServerListening listening;
  private final Deadline idle;
  private final long idleNanos;
  private int streams;
  private long next;
  private boolean leaving;

  H3ServerConnection(QuicChannel channel, ServerListening listening) {
    this.channel = channel;
    this.listening = listening;
    this.idle = new Deadline(channel.eventLoop(), this::idled);
    this.idleNanos = listening.settings().servers().idle().toNanos();
  }

  /** Speaks HTTP/3 on a channel that is not active yet. */
  void begin() {
    Http3Settings announced =
        Http3Settings.defaultSettings().maxFieldSectionSize(listening.settings().headerBytes());
    if (listening.plan().upgrades()) {
      announced.enableConnectProtocol(true);
    }
    ChannelInitializer<QuicStreamChannel> requests =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(QuicStreamChannel stream) {
            opened(stream);
          }
        };
    channel
        .pipeline()
        .addLast(
            new Http3ServerConnectionHandler(
                requests, new Control(), null, new DefaultHttp3SettingsFrame(announced), true),
            new Faults());
    channel.closeFuture().addListener(closed -> ended());
    listening.connections().add(this);
    idle.arm(idleNanos);
  }

  private void opened(QuicStreamChannel stream) {
    streams++;
    next = Math.max(next, stream.streamId() + NEXT);
    idle.disarm();
    stream.pipeline().addLast(new H3ServerStream(this, listening, stream));
  }

  /** True if no more requests are taken. */
  boolean isLeaving() {
    return leaving;
  }

  /** A stream is over. */
  void left() {
    streams--;
    if (streams == 0) {
      idle.arm(idleNanos);
      closeIfSpent();
    }
  }

  @Override
  public void leave() {
    Channels.run(channel, this::leaveNow);
  }

  private void idled() {
    if (!leaving) {
      ServerExit.idle(listening, channel);
    }
    leaveNow();
  }

  /** Announces the end, and ends after the requests that came before. */
  private void leaveNow() {
    if (leaving) {
      return;
    }
    leaving = true;
    QuicStreamChannel control = Http3.getLocalControlStream(channel);
    if (control == null) {
      close();
      return;
    }
    control.writeAndFlush(new DefaultHttp3GoAwayFrame(next)).addListener(written -> closeIfSpent());
  }

  private void closeIfSpent() {
    if (leaving && streams == 0) {
      close();
    }
  }

  private void close() {
    QuicFarewell.NO_ERROR.to(channel);
  }

  private void ended() {
    idle.stop();
    listening.connections().remove(this);
  }

  /** What the peer says about the connection as a whole is not of interest. */
  private static final class Control extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }

  /** The end of the pipeline. */
  private final class Faults extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ServerExit.failed(listening.plan().streamType(), channel, cause);
    }
  }
}
