package io.securestreams.reactor.transport.http.h3;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.QuicDialer;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.SharedConnection;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Opens HTTP/3 connections. Source: RFC 9114. */
public final class H3Opener implements SharedConnection.Opener {

  private final QuicDialer dialer;
  private final TransportSettings settings;

  public H3Opener(QuicDialer dialer, TransportSettings settings) {
    this.dialer = dialer;
    this.settings = settings;
  }

  @Override
  public Disposable open(ConnectionKey key, SharedConnection.Opening opening) {
    Arrival arrival = new Arrival(key, opening);
    return dialer.dial(key.target(), arrival::handler, arrival);
  }

  /** One dial, and what the connection tells from then on. */
  private final class Arrival implements QuicDialer.Caller {

    private final ConnectionKey key;
    private final SharedConnection.Opening opening;
    @Nullable private volatile H3Connection connection;

    Arrival(ConnectionKey key, SharedConnection.Opening opening) {
      this.key = key;
      this.opening = opening;
    }

    /** Announces the most bytes of a header block, without server push. */
    ChannelHandler handler() {
      Http3Settings announced =
          Http3Settings.defaultSettings().maxFieldSectionSize(settings.headerBytes());
      Http3SettingsFrame frame = new DefaultHttp3SettingsFrame(announced);
      return new Http3ClientConnectionHandler(new Control(), null, null, frame, true) {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
          H3Connection open = connection;
          if (open != null && event instanceof QuicStreamLimitChangedEvent) {
            open.streamsAllowed();
          }
          super.userEventTriggered(ctx, event);
        }
      };
    }

    @Override
    public void timed(ConnectionTimings timings) {
      opening.timed(timings);
    }

    @Override
    public void connected(QuicChannel channel) {
      Channels.run(channel, () -> opened(channel));
    }

    private void opened(QuicChannel channel) {
      H3Connection open = new H3Connection(key, channel, opening, settings);
      connection = open;
      open.begin();
    }

    @Override
    public void failed(LinkException cause) {
      opening.failed(cause);
    }

    /** Hears what the peer says about the connection as a whole. */
    private final class Control extends ChannelInboundHandlerAdapter {

      @Override
      public void channelRead(ChannelHandlerContext ctx, Object msg) {
        H3Connection open = connection;
        if (open != null && msg instanceof Http3GoAwayFrame) {
          open.leave();
        }
        ReferenceCountUtil.release(msg);
      }
    }
  }
}
