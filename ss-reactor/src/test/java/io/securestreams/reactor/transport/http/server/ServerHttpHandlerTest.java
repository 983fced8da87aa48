package io.securestreams.reactor.transport.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How often the socket is written and read, and in which order signals come. */
class ServerHttpHandlerTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final List<LinkSignal> signals = new ArrayList<>();
  private final Counter socket = new Counter();
  private BiConsumer<ServerLink, LinkSignal> application = (link, signal) -> {};
  private ServerLink link;

  @Test
  void answersWithOneBufferAndOneFlush() {
    application = whenAsked(ServerHttpHandlerTest::hello);
    EmbeddedChannel channel = channel();

    receive(channel, GET);

    assertThat(sent(channel)).containsExactly("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    assertThat(socket.flushes).isEqualTo(1);
    assertThat(signals).hasSize(3).endsWith(Written.ONE, Event.ANSWERED);
  }

  @Test
  void answersALaterCommandWithOneBufferAndOneFlush() {
    EmbeddedChannel channel = channel();
    receive(channel, GET);

    hello(link);
    channel.runPendingTasks();

    assertThat(sent(channel)).containsExactly("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    assertThat(socket.flushes).isEqualTo(1);
  }

  @Test
  void sendsAHeadThatWaitsInVainForItsBody() {
    EmbeddedChannel channel = channel();
    receive(channel, GET);

    link.answer(new Answer(200, List.of(), BodyPlan.ofLength(5)));
    channel.runPendingTasks();

    assertThat(sent(channel)).containsExactly("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    application = whenAsked(ServerHttpHandlerTest::hello);
    EmbeddedChannel channel = channel();

    receive(channel, GET + GET + GET);

    assertThat(signals)
        .extracting(signal -> signal instanceof Transaction ? "?" : signal)
        .containsExactly(
            "?",
            Written.ONE,
            Event.ANSWERED,
            "?",
            Written.ONE,
            Event.ANSWERED,
            "?",
            Written.ONE,
            Event.ANSWERED);
    assertThat(sent(channel)).hasSize(3);
  }

  @Test
  void readsABodyOnlyWithCredit() {
    EmbeddedChannel channel = channel();
    assertThat(socket.reads).isEqualTo(1);

    receive(channel, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
    assertThat(socket.reads).isEqualTo(1);
    link.request(1);
    assertThat(socket.reads).isEqualTo(2);
    receive(channel, "ab");
    assertThat(socket.reads).isEqualTo(2);
    link.request(1);
    assertThat(socket.reads).isEqualTo(3);
    receive(channel, "cd");

    assertThat(signals.subList(1, 4))
        .containsExactly(
            new Frame(Payload.utf8("ab"), MessageFlags.SOM),
            new Frame(Payload.utf8("cd"), MessageFlags.NONE),
            new Frame(Payload.empty(), MessageFlags.EOM));
    // To see the client leave.
    assertThat(socket.reads).isEqualTo(4);
  }

  @Test
  void givesTheEndOfABodyWithoutCredit() {
    application =
        (server, signal) -> {
          if (signal instanceof Transaction) {
            server.request(1);
          }
        };
    EmbeddedChannel channel = channel();

    receive(channel, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na");

    assertThat(signals)
        .endsWith(
            new Frame(Payload.utf8("a"), MessageFlags.SOM),
            new Frame(Payload.empty(), MessageFlags.EOM));
  }

  @Test
  void closesInsteadOfSendingAHeaderThatCanNotBe() {
    EmbeddedChannel channel = channel();
    receive(channel, GET);

    link.answer(new Answer(200, List.of(new Header("x", "a\r\nb: c")), BodyPlan.NONE));

    assertThat(channel.isOpen()).isFalse();
    assertThat(sent(channel)).isEmpty();
    assertThat(((Closed) signals.get(1)).cause().kind()).isEqualTo(FailureKind.PLAN);
  }

  @Test
  void closesAfterAnAnswerThatSaysSo() {
    EmbeddedChannel channel = channel();
    receive(channel, GET);

    link.answer(new Answer(200, List.of(new Header("Connection", "close")), BodyPlan.NONE));

    assertThat(sent(channel))
        .containsExactly("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    assertThat(signals.get(1)).isEqualTo(Event.ANSWERED);
    assertThat(signals.get(2)).isInstanceOf(Closed.class);
  }

  @Test
  void decidesAboutFramingItself() {
    EmbeddedChannel channel = channel();
    receive(channel, GET);

    link.answer(
        new Answer(
            200,
            List.of(new Header("Content-Length", "7"), new Header("Transfer-Encoding", "x")),
            BodyPlan.NONE));

    assertThat(sent(channel)).containsExactly("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  }

  @Test
  void tellsNothingAfterClose() {
    application = whenAsked(server -> server.close(LinkClose.NORMAL));
    EmbeddedChannel channel = channel();

    receive(channel, GET + GET);

    assertThat(signals).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
  }

  private static void hello(ServerLink server) {
    server.answer(new Answer(200, List.of(), BodyPlan.ofLength(5)));
    server.send(new TxPiece(Payload.utf8("hello"), MessageFlags.SOM_EOM));
  }

  private static BiConsumer<ServerLink, LinkSignal> whenAsked(Consumer<ServerLink> action) {
    return (server, signal) -> {
      if (signal instanceof Transaction) {
        action.accept(server);
      }
    };
  }

  private EmbeddedChannel channel() {
    ServerPlan plan =
        new ServerPlan(
            "unit",
            Protocol.H1,
            Optional.empty(),
            0,
            Optional.empty(),
            WsSettings.NONE,
            List.of(),
            HttpSettings.ContentLength.SENT_WHEN_KNOWN);
    ServerListening listening =
        ServerListening.of(
            plan,
            TransportSettings.DEFAULTS,
            server -> {
              link = server;
              return Optional.of(
                  signal -> {
                    signals.add(signal);
                    application.accept(server, signal);
                  });
            },
            new NoUpgrade());
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    ServerResponseEncoder encoder = new ServerResponseEncoder();
    ServerHttpHandler handler = new ServerHttpHandler(listening, channel, encoder);
    channel.pipeline().addLast(socket, new HttpRequestDecoder(), encoder, handler);
    handler.channelActive(channel.pipeline().lastContext());
    return channel;
  }

  private static void receive(EmbeddedChannel channel, String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  private static List<String> sent(EmbeddedChannel channel) {
    List<String> buffers = new ArrayList<>();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      buffers.add(next.toString(ISO_8859_1));
      next.release();
    }
    return buffers;
  }

  /** Counts what the socket is asked for. */
  private static final class Counter extends ChannelOutboundHandlerAdapter {

    private int flushes;
    private int reads;

    @Override
    public void flush(ChannelHandlerContext context) {
      flushes++;
      context.flush();
    }

    @Override
    public void read(ChannelHandlerContext context) {
      reads++;
      context.read();
    }
  }

  private static final class NoUpgrade implements ServerUpgrade {

    @Override
    public boolean isAskedFor(HttpRequest request) {
      return false;
    }

    @Override
    public HttpResponse answer(HttpRequest request, ServerPlan plan) {
      throw new AssertionError("not asked for");
    }

    @Override
    public String protocol() {
      return "none";
    }

    @Override
    public Answer answer(ServerMultiplexedHead head, ServerPlan plan) {
      throw new AssertionError("not asked for");
    }

    @Override
    public ServerPhase takeOver(
        ServerConnection connection, Channel channel, ServerPlan plan, ServerRequestHead request) {
      throw new AssertionError("not accepted");
    }
  }
}
