package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** WebSockets that clients of other makes open: what is reported, in which order. */
@ExtendWith(LeakCheck.class)
class ServedWsIT {

  private static final Authority CA = Authority.named("served");
  private static final int MANY = 2000;

  @RegisterExtension final Stage stage = new Stage();

  private final List<List<String>> logs = new CopyOnWriteArrayList<>();
  private final List<AcceptedStream> clients = new CopyOnWriteArrayList<>();

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(booleans = {false, true})
  void anUpgradeIsConnectedThenUpgraded(boolean tls) {
    // Given
    int port = serve(tls);
    Listener listener = new Listener(true);

    // When
    WebSocket socket = open(tls, port, listener);
    socket.sendText("hello", true).join();
    String echo = listener.texts.poll(0);
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

    // Then
    assertThat(echo).isEqualTo("hello");
    Stage.await("the end", () -> logs.get(0).contains("complete"));
    assertThat(logs.get(0))
        .filteredOn(word -> !word.contains("="))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_UPGRADE",
            "rx(5,SOM|EOM)",
            "DISCONNECTED",
            "DESTROYING",
            "complete");
  }

  @Test
  void manyMessagesComeBackInOrder() throws Exception {
    // Given
    int port = serve(false);
    JavaWebSocket socket = stage.with(new JavaWebSocket(port));
    assertThat(socket.connectBlocking(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();

    // When
    for (int i = 0; i < MANY; i++) {
      socket.send("message " + i);
    }

    // Then
    for (int i = 0; i < MANY; i++) {
      assertThat(socket.texts.poll(i)).isEqualTo("message " + i);
    }
  }

  @Test
  void aClientThatDropsTheConnectionEndsItsStream() {
    // Given
    int port = serve(false);
    RawClient client = stage.with(RawClient.to(port));
    client.send(
        "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
            + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
    assertThat(client.head()).startsWith("HTTP/1.1 101 ");

    // When
    client.reset();

    // Then
    Stage.await("the end", () -> logs.get(0).contains("complete"));
    assertThat(logs.get(0))
        .filteredOn(word -> !word.contains("="))
        .endsWith("SERVER_UPGRADE", "DISCONNECTED", "DESTROYING", "complete");
  }

  @Test
  void destroyingAnAcceptedStreamTellsItsClient() {
    // Given
    int port = serve(false);
    Listener listener = new Listener(true);
    open(false, port, listener);
    Stage.await("the upgrade", () -> logs.get(0).contains("SERVER_UPGRADE"));

    // When
    clients.get(0).destroy();

    // Then
    assertThat(listener.closed.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join())
        .isEqualTo(1000);
    Stage.await("the end", () -> logs.get(0).contains("complete"));
    assertThat(logs.get(0)).endsWith("DISCONNECTED", "DESTROYING", "complete");
  }

  @Test
  void aClientThatDoesNotReadFillsTheSinkAndLosesNothing() {
    // Given
    int port = serve(false);
    Listener listener = new Listener(false);
    WebSocket socket = open(false, port, listener);
    Stage.await("the upgrade", () -> logs.get(0).contains("SERVER_UPGRADE"));

    // When
    AtomicInteger accepted = new AtomicInteger();
    Sinks.EmitResult result = Sinks.EmitResult.OK;
    while (result.isSuccess()) {
      String message = "%06d".formatted(accepted.get()) + "x".repeat(16 * 1024);
      result = clients.get(0).tx().tryEmitNext(Payload.utf8(message));
      accepted.addAndGet(result.isSuccess() ? 1 : 0);
    }
    socket.request(1);

    // Then
    assertThat(result).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
    for (int i = 0; i < accepted.get(); i++) {
      assertThat(listener.texts.poll(i)).startsWith("%06d".formatted(i));
    }
  }

  // --- both ends ------------------------------------------------------------------------------

  private int serve(boolean tls) {
    String security = tls ? ",'tls':true,'server_cert':'it_cert','server_key':'it_key'" : "";
    TestPolicy policy =
        new TestPolicy()
            .identity("it", CA.issue("localhost"))
            .server(
                "site",
                "ws",
                "'ws_subprotocol':'echo','metadata':[{'method':'','path':''}]" + security);
    StreamServer server = stage.streams(policy).serve("site");
    stage.ends(server.accepted().subscribe(this::echo)::dispose);
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }

  private void echo(AcceptedStream client) {
    clients.add(client);
    List<String> words = new CopyOnWriteArrayList<>();
    logs.add(words);
    client
        .events()
        .doOnNext(event -> words.add(EventLog.text(event)))
        .doOnComplete(() -> words.add("complete"))
        .ofType(PayloadEvent.class)
        .concatMap(rx -> client.tx().send(rx.payload()).onErrorComplete(), 1)
        .subscribe();
  }

  private static WebSocket open(boolean tls, int port, Listener listener) {
    HttpClient.Builder builder = HttpClient.newBuilder();
    HttpClient http = (tls ? builder.sslContext(CA.clientContext()) : builder).build();
    URI uri = URI.create((tls ? "wss" : "ws") + "://localhost:" + port + "/");
    return http.newWebSocketBuilder()
        .subprotocols("echo")
        .buildAsync(uri, listener)
        .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** The messages that came, by their number. */
  private static final class Arrived {

    private final List<String> items = new CopyOnWriteArrayList<>();

    void add(String item) {
      items.add(item);
    }

    String poll(int number) {
      Stage.await("message " + number, () -> items.size() > number);
      return items.get(number);
    }
  }

  /** The JDK's client. */
  private static final class Listener implements WebSocket.Listener {

    private final Arrived texts = new Arrived();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final boolean reads;
    private final StringBuilder text = new StringBuilder();

    Listener(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void onOpen(WebSocket socket) {
      if (reads) {
        socket.request(1);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }
  }

  /** The client of Java-WebSocket. */
  private static final class JavaWebSocket extends WebSocketClient implements AutoCloseable {

    private final Arrived texts = new Arrived();

    JavaWebSocket(int port) {
      super(
          URI.create("ws://localhost:" + port + "/"),
          new Draft_6455(List.of(), List.of(new Protocol("echo"))));
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onMessage(String message) {
      texts.add(message);
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception error) {}
  }
}
