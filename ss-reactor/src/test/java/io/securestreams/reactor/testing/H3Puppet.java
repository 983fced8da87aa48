package io.securestreams.reactor.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An HTTP/3 server that answers without looking at bodies, and tells how requests ended. */
@SuppressWarnings("FutureReturnValueIgnored") // The client notices what could not be written.
public final class H3Puppet implements AutoCloseable {

  /** When it answers. */
  public enum Manner {
    /** Completely, once the head came. */
    AT_ONCE,
    /** It wants no body, once the head came, and answers when {@link #answer} is called. */
    AFTER_A_STOP,
    /** Completely, when {@link #answer} is called. */
    WHEN_TOLD,
    /** Completely, once the head came; it reads no end of a request, so that no stream ends. */
    WITHOUT_AN_END,
    /** Never: the request belongs to another version of http. */
    FALLING_BACK
  }

  private static final TestPki.Authority ROOT = TestPki.Authority.named("puppet");
  private static final long WINDOW = 1_000_000;

  /** The stream id of it. */
  private static final long FIFTH_REQUEST = 16;

  private final BlockingQueue<QuicStreamChannel> held = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
  private final List<QuicChannel> connections = new CopyOnWriteArrayList<>();
  private final Manner manner;
  private final int streams;
  private final Channel socket;

  /** Begins to listen on the loopback, with room for some requests. */
  public H3Puppet(Manner manner) {
    this(manner, 10);
  }

  /**
   * Begins to listen on the loopback.
   *
   * @param streams requests that a connection allows at first, and more as these end
   */
  public H3Puppet(Manner manner, int streams) {
    this.manner = manner;
    this.streams = streams;
    this.socket =
        new Bootstrap()
            .group(FaultProxy.LOOP)
            .channel(NioDatagramChannel.class)
            .handler(codec())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  private ChannelHandler codec() {
    TestPki.Identity identity = ROOT.issue("localhost");
    QuicSslContext tls =
        QuicSslContextBuilder.forServer(identity.key(), null, identity.certificate())
            .applicationProtocols(Http3.supportedApplicationProtocols())
            .build();
    return Http3.newQuicServerCodecBuilder()
        .sslContext(tls)
        .maxIdleTimeout(20, TimeUnit.SECONDS)
        .initialMaxData(10 * WINDOW)
        .initialMaxStreamDataBidirectionalLocal(WINDOW)
        .initialMaxStreamDataBidirectionalRemote(WINDOW)
        .initialMaxStreamsBidirectional(streams)
        .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
        .handler(
            new ChannelInitializer<QuicChannel>() {
              @Override
              protected void initChannel(QuicChannel channel) {
                connections.add(channel);
                channel.pipeline().addLast(new Http3ServerConnectionHandler(requests()));
              }
            })
        .build();
  }

  private ChannelHandler requests() {
    return new ChannelInitializer<QuicStreamChannel>() {
      @Override
      protected void initChannel(QuicStreamChannel stream) {
        stream.pipeline().addLast(new Request());
      }
    };
  }

  private static void write(QuicStreamChannel stream) {
    Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
    head.headers().status("413");
    stream.write(head);
    stream
        .writeAndFlush(
            new DefaultHttp3DataFrame(Unpooled.copiedBuffer("too much", StandardCharsets.US_ASCII)))
        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
  }

  /** Connections so far. */
  public int connections() {
    return connections.size();
  }

  /** Tells all clients that it takes no more requests. */
  public void goAway() {
    for (QuicChannel connection : connections) {
      connection
          .eventLoop()
          .execute(
              () ->
                  Http3.getLocalControlStream(connection)
                      .writeAndFlush(new DefaultHttp3GoAwayFrame(FIFTH_REQUEST)));
    }
  }

  /** The next request that waits for {@link #answer}. */
  public QuicStreamChannel held() {
    return next(held);
  }

  /** Answers a request that waits for it. */
  public void answer(QuicStreamChannel stream) {
    stream.eventLoop().execute(() -> write(stream));
  }

  /** The code with which the client cut the next request. */
  public long reset() {
    return next(resets);
  }

  private static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("it did not happen in time");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A request to it. */
  public HttpPlan plan(String method, BodyPlan body) {
    int port = ((InetSocketAddress) socket.localAddress()).getPort();
    return new HttpPlan(
        "test",
        new Target("localhost", port, Optional.of(H2Server.trusting(ROOT.certificate()))),
        HttpWire.H3,
        method,
        "/",
        List.<Header>of(),
        body,
        ClientFixture.RULES,
        Set.of());
  }

  @Override
  public void close() {
    socket.close().syncUninterruptibly();
  }

  /** One request. */
  private final class Request extends Http3RequestStreamInboundHandler {

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
      QuicStreamChannel stream = (QuicStreamChannel) ctx.channel();
      switch (manner) {
        case AT_ONCE -> write(stream);
        case AFTER_A_STOP -> {
          stream
              .shutdownInput(Http3ErrorCode.H3_NO_ERROR.code())
              .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
          held.add(stream);
        }
        case WHEN_TOLD -> held.add(stream);
        case WITHOUT_AN_END -> {
          stream.config().setAutoRead(false);
          write(stream);
        }
        case FALLING_BACK ->
            stream.shutdownOutput(Http3ErrorCode.H3_VERSION_FALLBACK.code(), stream.newPromise());
      }
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
      frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
      // Nothing is missed.
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
      if (exception instanceof QuicStreamResetException reset) {
        resets.add(reset.applicationProtocolCode());
      }
    }
  }
}
