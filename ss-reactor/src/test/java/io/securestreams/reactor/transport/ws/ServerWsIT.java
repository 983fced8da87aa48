package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
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
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JDK's WebSocket against the server's. */
class ServerWsIT {

  private static final WsSettings CHAT =
      new WsSettings(Optional.of("chat"), WsSettings.Frames.TEXT, WsSettings.Turn.FAIR);
  private static final WsSettings BINARY =
      new WsSettings(Optional.empty(), WsSettings.Frames.BINARY, WsSettings.Turn.FAIR);

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Received received = new Received();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void agreesToItsSubprotocolAndCarriesTextBothWays() {
    int port = bind(Protocol.H1, CHAT);

    WebSocket socket = open(port, "other", "chat").join();
    RecordedLink link = acceptor.next();

    assertThat(socket.getSubprotocol()).isEqualTo("chat");
    assertThat(link.next(Upgraded.class).metadata())
        .containsExactly(new MetadataValue("method", "GET"), new MetadataValue("path", "/any"));
    socket.sendText("ping-é", true).join();
    assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("ping-é"), MessageFlags.SOM_EOM));
    link.send("pong-é", MessageFlags.SOM_EOM);
    assertThat(received.next()).isEqualTo("text pong-é");
    assertThat(link.next()).isEqualTo(Written.ONE);
  }

  @Test
  void acceptsAClientThatListsNoSubprotocol() {
    WebSocket socket = open(bind(Protocol.H1, CHAT)).join();

    assertThat(socket.getSubprotocol()).isEmpty();
    acceptor.next().next(Upgraded.class);
  }

  @Test
  void refusesAClientThatListsOtherSubprotocolsOnly() {
    int port = bind(Protocol.H1, CHAT);

    assertThatThrownBy(() -> open(port, "other").join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    assertThat(acceptor.next().next(Closed.class).cause().kind()).isEqualTo(FailureKind.PROTOCOL);
  }

  @Test
  void servesPlainRequestsBesideWebSockets() {
    int port = bind(Protocol.WS, BINARY);

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x")).build(),
            BodyHandlers.ofString());
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "plain");
    assertThat(response.join().body()).isEqualTo("plain");
  }

  @Test
  void takesAnUpgradeForAnOrdinaryRequestIfThePlanHasNone() {
    int port = bind(Protocol.H1, WsSettings.NONE);

    CompletableFuture<WebSocket> socket = open(port);
    RecordedLink link = acceptor.next();
    assertThat(link.next(Transaction.class).method()).isEqualTo("GET");
    link.answer(404, "");

    assertThatThrownBy(socket::join).hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void flagsFragmentsByTheirPlace() {
    WebSocket socket = open(bind(Protocol.WS, BINARY)).join();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);

    socket.sendText("a", false).join();
    socket.sendText("b", false).join();
    socket.sendText("", true).join();
    socket.sendText("", true).join();

    assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("a"), MessageFlags.SOM));
    assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("b"), MessageFlags.NONE));
    assertThat(link.next()).isEqualTo(new Frame(Payload.empty(), MessageFlags.EOM));
    assertThat(link.next()).isEqualTo(new Frame(Payload.empty(), MessageFlags.SOM_EOM));

    link.send("c", MessageFlags.SOM);
    link.send("d", MessageFlags.NONE);
    link.send("", MessageFlags.EOM);
    assertThat(received.next()).isEqualTo("binary 1 part");
    assertThat(received.next()).isEqualTo("binary 1 part");
    assertThat(received.next()).isEqualTo("binary 0");
  }

  @Test
  void carriesAMegabyteBothWays() {
    byte[] megabyte = new byte[1024 * 1024];
    WebSocket socket = open(bind(Protocol.WS, BINARY)).join();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);

    socket.sendBinary(ByteBuffer.wrap(megabyte), true).join();
    int size = 0;
    Frame frame;
    do {
      frame = link.next(Frame.class);
      size += frame.payload().size();
    } while (!frame.flags().eom());
    assertThat(size).isEqualTo(megabyte.length);

    link.link().send(new TxPiece(Payload.of(megabyte), MessageFlags.SOM_EOM));
    assertThat(received.whole()).isEqualTo(megabyte.length);
  }

  @Test
  void answersPingsAndTellsPongs() {
    WebSocket socket = open(bind(Protocol.WS, BINARY)).join();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);

    socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})).join();
    assertThat(received.next()).isEqualTo("pong 3");
    link.link().ping();
    assertThat(link.next()).isEqualTo(Event.ALIVE);
  }

  @Test
  void answersTheClientsClose() {
    WebSocket socket = open(bind(Protocol.WS, BINARY)).join();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);

    socket.sendClose(4001, "done").join();

    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
    assertThat(received.next()).isEqualTo("close 4001");
  }

  @Test
  void saysWhyItCloses() {
    open(bind(Protocol.WS, BINARY)).join();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);

    link.link().close(LinkClose.GOING_AWAY);

    assertThat(received.next()).isEqualTo("close 1001");
    assertThat(link.rest()).isEmpty();
  }

  private int bind(Protocol protocol, WsSettings ws) {
    return fixture.bind(ServerFixture.plan(protocol, ws), acceptor);
  }

  private CompletableFuture<WebSocket> open(int port, String... subprotocols) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (subprotocols.length == 1) {
      builder.subprotocols(subprotocols[0]);
    } else if (subprotocols.length == 2) {
      builder.subprotocols(subprotocols[0], subprotocols[1]);
    }
    return builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/any?q=1"), received);
  }

  /** What the client received, in words. */
  private static final class Received implements WebSocket.Listener {

    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      words.add("text " + data + (last ? "" : " part"));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      words.add("binary " + data.remaining() + (last ? "" : " part"));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      words.add("pong " + data.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      words.add("close " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      words.add("error " + error);
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

    /** The size of a binary message, gathered. */
    int whole() {
      int size = 0;
      String[] words;
      do {
        words = next().split(" ");
        size += Integer.parseInt(words[1]);
      } while (words.length == 3);
      return size;
    }
  }
}
