package io.securestreams.reactor.transport.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Upgraded;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.netty.resources.LoopResources;

/** WebSockets over HTTP/3, with Netty's codec as client. Source: RFC 9220. */
@ExtendWith(LeakCheck.class)
class ServerWsTunnelH3IT {

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");
  private static final WsSettings CHAT =
      new WsSettings(Optional.of("chat"), WsSettings.Frames.TEXT, WsSettings.Turn.FAIR);

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void carriesMessagesBothWaysAndSaysWhyItCloses() {
    try (Client client = new Client(bind(CHAT))) {
      client.ask("websocket");
      RecordedLink link = acceptor.next();
      assertThat(link.next(Upgraded.class).metadata())
          .containsExactly(
              new MetadataValue("method", "CONNECT"), new MetadataValue("path", "/chat"));
      assertThat(client.next()).isEqualTo("200 chat");

      // A message of text, with a mask of zeroes.
      client.send(
          (byte) 0x81, (byte) 0x82, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 'h', (byte) 'i');
      assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("hi"), MessageFlags.SOM_EOM));
      link.send("yes", MessageFlags.SOM_EOM);
      assertThat(client.data(5)).isEqualTo("\u0081\u0003yes");
      assertThat(link.next()).isEqualTo(Written.ONE);

      link.link().close(LinkClose.NORMAL);
      assertThat(client.data(4)).isEqualTo("\u0088\u0002\u0003\u00e8");
      client.send((byte) 0x88, (byte) 0x80, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
      assertThat(client.next()).isEqualTo("end");
      assertThat(link.rest()).isEmpty();
    }
  }

  @Test
  void aClientThatGoesIsGone() {
    RecordedLink link;
    try (Client client = new Client(bind(CHAT))) {
      client.ask("websocket");
      link = acceptor.next();
      link.next(Upgraded.class);
      assertThat(client.next()).isEqualTo("200 chat");
    }
    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  @Test
  void refusesAProtocolThatItDoesNotKnow() {
    try (Client client = new Client(bind(CHAT))) {
      client.ask("connect-udp");

      assertThat(client.next()).isEqualTo("501 null");
      assertThat(client.next()).isEqualTo("end");
    }
  }

  private int bind(WsSettings ws) {
    return fixture.bind(
        ServerFixture.plan(
            Protocol.H3, ws, Optional.of(ServerFixture.identity(ROOT.issue("localhost")))),
        acceptor);
  }

  /** One connection with one stream, and what came, in words. */
  private static final class Client extends Http3RequestStreamInboundHandler
      implements AutoCloseable {

    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    private final LoopResources loops = LoopResources.create("h3-client", 1, true);
    private final Channel socket;
    private final QuicChannel connection;
    private final QuicStreamChannel stream;

    Client(int port) {
      QuicSslContext tls =
          QuicSslContextBuilder.forClient()
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .applicationProtocols(Http3.supportedApplicationProtocols())
              .build();
      socket =
          new Bootstrap()
              .group(loops.onClient(false))
              .channel(NioDatagramChannel.class)
              .handler(
                  Http3.newQuicClientCodecBuilder()
                      .sslContext(tls)
                      .maxIdleTimeout(20, TimeUnit.SECONDS)
                      .initialMaxData(1_000_000)
                      .initialMaxStreamDataBidirectionalLocal(1_000_000)
                      .build())
              .bind(InetAddress.getLoopbackAddress(), 0)
              .syncUninterruptibly()
              .channel();
      connection =
          QuicChannel.newBootstrap(socket)
              .handler(new Http3ClientConnectionHandler())
              .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .connect()
              .syncUninterruptibly()
              .getNow();
      stream = Http3.newRequestStream(connection, this).syncUninterruptibly().getNow();
    }

    void ask(String protocol) {
      Http3Headers head = new DefaultHttp3Headers();
      head.method("CONNECT").scheme("https").path("/chat").authority("localhost");
      head.add(":protocol", protocol);
      head.add("sec-websocket-version", "13").add("sec-websocket-protocol", "chat");
      stream.writeAndFlush(new DefaultHttp3HeadersFrame(head)).syncUninterruptibly();
    }

    void send(byte... bytes) {
      stream
          .writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes)))
          .syncUninterruptibly();
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
      Http3Headers head = frame.headers();
      words.add(head.status() + " " + head.get("sec-websocket-protocol"));
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
      ByteBuf content = frame.content();
      if (content.isReadable()) {
        words.add(content.toString(ISO_8859_1));
      }
      frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
      words.add("end");
    }

    String next() {
      try {
        String word = words.poll(10, TimeUnit.SECONDS);
        assertThat(word).isNotNull();
        return word;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** So many bytes, in however many frames. */
    String data(int bytes) {
      StringBuilder data = new StringBuilder();
      while (data.length() < bytes) {
        data.append(next());
      }
      return data.toString();
    }

    @Override
    public void close() {
      connection.close().syncUninterruptibly();
      socket.close().syncUninterruptibly();
      loops.disposeLater(Duration.ZERO, ServerFixture.SOON).block(ServerFixture.SOON);
    }
  }
}
