package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Upgraded;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty's WebSocket over HTTP/2 against the server's. */
@ExtendWith(LeakCheck.class)
class ServerWsTunnelIT {

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final ConnectionProvider pool = ConnectionProvider.create("ws-clients", 1);

  @AfterEach
  void close() {
    pool.disposeLater().block(ServerFixture.SOON);
    fixture.close();
  }

  @ParameterizedTest(name = "tls {0}")
  @ValueSource(booleans = {false, true})
  void agreesToItsSubprotocolAndCarriesTextBothWays(boolean tls) {
    try (Client client = open(tls, WsSettings.Frames.TEXT, "other,chat")) {
      RecordedLink link = acceptor.next();

      assertThat(link.next(Upgraded.class).metadata())
          .containsExactly(
              new MetadataValue("method", "CONNECT"), new MetadataValue("path", "/any"));
      assertThat(client.next()).isEqualTo("open chat");
      client.send(new TextWebSocketFrame("ping-é"));
      assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("ping-é"), MessageFlags.SOM_EOM));
      link.send("pong-é", MessageFlags.SOM_EOM);
      assertThat(client.next()).isEqualTo("text pong-é");
      assertThat(link.next()).isEqualTo(Written.ONE);
    }
  }

  @ParameterizedTest(name = "tls {0}")
  @ValueSource(booleans = {false, true})
  void carriesMegabytesBothWays(boolean tls) {
    byte[] piece = new byte[64 * 1024];
    int pieces = 48;
    try (Client client = open(tls, WsSettings.Frames.BINARY, "chat")) {
      RecordedLink link = acceptor.next();
      link.next(Upgraded.class);
      client.next();

      for (int i = 0; i < pieces; i++) {
        client.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(piece)));
      }
      int size = 0;
      while (size < pieces * piece.length) {
        size += link.next(Frame.class).payload().size();
      }
      for (int i = 0; i < pieces; i++) {
        link.link().send(new TxPiece(Payload.of(piece), MessageFlags.SOM_EOM));
        assertThat(client.next()).isEqualTo("binary " + piece.length);
      }
      link.expectWritten(pieces);
    }
  }

  @Test
  void answersPingsAndTellsPongs() {
    try (Client client = open(false, WsSettings.Frames.BINARY, "chat")) {
      RecordedLink link = acceptor.next();
      link.next(Upgraded.class);
      client.next();

      client.send(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[3])));
      assertThat(client.next()).isEqualTo("pong 3");
      link.link().ping();
      assertThat(link.next()).isEqualTo(Event.ALIVE);
    }
  }

  @Test
  void answersTheClientsCloseAndKeepsTheConnection() {
    Client client = open(false, WsSettings.Frames.BINARY, "chat");
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);
    String peer = link.link().peer().orElseThrow();

    client.send(new CloseWebSocketFrame(4001, "done"));

    assertThat(link.next(Closed.class).cause())
        .satisfies(cause -> assertThat(cause.kind()).isEqualTo(FailureKind.CLOSED))
        .hasMessageStartingWith("Peer closed with code 4001, done: it, client 127.0.0.1:");
    assertThat(client.next()).isEqualTo("open chat");
    assertThat(client.next()).isEqualTo("close 4001");
    assertThat(client.next()).isEqualTo("end");
    CompletableFuture<String> plain =
        client.http.get().uri("/plain").responseContent().aggregate().asString().toFuture();
    RecordedLink request = acceptor.next();
    request.next(Transaction.class);
    request.answer(200, "plain");
    assertThat(plain.join()).isEqualTo("plain");
    assertThat(request.link().peer()).contains(peer);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"NORMAL, 1000", "GOING_AWAY, 1001", "FAULT, 1011"})
  void saysWhyItCloses(LinkClose how, int code) {
    try (Client client = open(false, WsSettings.Frames.BINARY, "chat")) {
      RecordedLink link = acceptor.next();
      link.next(Upgraded.class);
      client.next();

      link.link().close(how);

      assertThat(client.next()).isEqualTo("close " + code);
      assertThat(client.next()).isEqualTo("end");
      assertThat(link.rest()).isEmpty();
    }
  }

  @Test
  void aClientThatDropsItsConnectionIsGone() {
    Client client = open(true, WsSettings.Frames.BINARY, "chat");
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);
    client.next();

    client.close();

    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  private Client open(boolean tls, WsSettings.Frames frames, String subprotocols) {
    Optional<ServerPlan.Identity> identity =
        tls ? Optional.of(ServerFixture.identity(ROOT.issue("127.0.0.1"))) : Optional.empty();
    WsSettings ws = new WsSettings(Optional.of("chat"), frames, WsSettings.Turn.FAIR);
    int port = fixture.bind(ServerFixture.plan(Protocol.H2, ws, identity), acceptor);
    return new Client(http(port, tls), subprotocols);
  }

  private HttpClient http(int port, boolean tls) {
    HttpClient client =
        HttpClient.create(pool)
            .host("127.0.0.1")
            .port(port)
            .protocol(tls ? HttpProtocol.H2 : HttpProtocol.H2C);
    return tls ? client.secure(spec -> spec.sslContext(ROOT.h2ClientContext())) : client;
  }

  /** A client, and what it received, in words. */
  private static final class Client implements AutoCloseable {

    private final HttpClient http;
    private final Sinks.Many<WebSocketFrame> frames = Sinks.many().unicast().onBackpressureBuffer();
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    private final Disposable conversation;

    Client(HttpClient http, String subprotocols) {
      this.http = http;
      this.conversation =
          http.websocket(
                  WebsocketClientSpec.builder()
                      .protocols(subprotocols)
                      .maxFramePayloadLength(1 << 20)
                      .build())
              .uri("/any?q=1")
              .handle(this::converse)
              .subscribe(
                  nothing -> {}, error -> words.add("error " + error), () -> words.add("end"));
    }

    private Publisher<Void> converse(WebsocketInbound in, WebsocketOutbound out) {
      words.add("open " + in.selectedSubprotocol());
      in.receiveCloseStatus().subscribe(status -> words.add("close " + status.code()));
      Mono<Void> received = in.receiveFrames().doOnNext(frame -> words.add(word(frame))).then();
      return out.sendObject(frames.asFlux()).then().and(received);
    }

    private static String word(WebSocketFrame frame) {
      if (frame instanceof TextWebSocketFrame text) {
        return "text " + text.text();
      }
      String kind = frame instanceof PongWebSocketFrame ? "pong " : "binary ";
      return kind + frame.content().readableBytes();
    }

    void send(WebSocketFrame frame) {
      frames.tryEmitNext(frame).orThrow();
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

    @Override
    public void close() {
      conversation.dispose();
    }
  }
}
