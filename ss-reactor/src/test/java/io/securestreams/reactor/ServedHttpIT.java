package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
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
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Http transactions that clients of other makes ask for: what is reported, in which order. */
@ExtendWith(LeakCheck.class)
class ServedHttpIT {

  private static final Authority CA = Authority.named("served");

  @RegisterExtension final Stage stage = new Stage();

  /** Does something at each state of an accepted stream. */
  private interface Behaviour {
    void at(AcceptedStream client, StreamState state);
  }

  /** Answers 200 with five bytes. */
  private static void hello(AcceptedStream client, StreamState state) {
    if (state == StreamState.SERVER_TXN) {
      client.serverAck(0);
      client.tx().tryEmitNext(Payload.utf8("hello")).orThrow();
    }
  }

  @Test
  void aKeptConnectionIsOneStreamAndEachRequestATransaction() {
    // Given
    List<EventLog> logs = new CopyOnWriteArrayList<>();
    int port = serve(ServedHttpIT::hello, logs);

    // When
    try (RawClient client = stage.with(RawClient.to(port))) {
      String request = "GET /a?q=1 HTTP/1.1\r\nhost: x\r\n\r\n";
      assertThat(client.send(request).head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.body(5)).isEqualTo("hello");
      assertThat(client.send(request).head()).containsIgnoringCase("content-length: 5");
      assertThat(client.body(5)).isEqualTo("hello");
    }

    // Then
    Stage.await("the end", () -> logs.size() == 1 && logs.get(0).all().contains("complete"));
    assertThat(logs.get(0).all())
        .filteredOn(word -> !word.contains("="))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_TXN",
            "SERVER_TXN",
            "DISCONNECTED",
            "DESTROYING",
            "complete");
    assertThat(logs.get(0).all()).contains("method=GET", "path=/a", "q=1");
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(booleans = {false, true})
  void theBodyOfARequestIsReceivedWithItsEnd(boolean tls) throws Exception {
    // Given
    List<EventLog> logs = new CopyOnWriteArrayList<>();
    Behaviour echo = (client, state) -> {};
    int port = serve(tls, echo, logs, client -> client.tx().tryEmitNext(Payload.utf8("hello")));

    // When
    HttpResponse<String> response =
        client(tls)
            .send(
                HttpRequest.newBuilder(uri(tls, port))
                    .POST(BodyPublishers.ofString("8 bytes!"))
                    .build(),
                BodyHandlers.ofString());

    // Then: nobody acknowledged the request, which is 404 with the body that was given.
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(logs.get(0).all())
        .filteredOn(word -> !word.contains("="))
        .startsWith("CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN", "rx(8,SOM)", "rx(0,EOM)");
  }

  @ParameterizedTest(name = "serverAck({0}) is {1}")
  @CsvSource({"0, 200", "201, 201", "403, 403", "503, 503", "1, 500", "-7, 500", "600, 500"})
  void theAcknowledgementIsTheStatus(int ack, int status) throws Exception {
    // Given
    int port =
        serve(
            (client, state) -> {
              if (state == StreamState.SERVER_TXN) {
                client.serverAck(ack);
                client.tx().tryEmitNext(Payload.utf8("hello")).orThrow();
              }
            },
            new ArrayList<>());

    // When
    HttpResponse<String> response =
        client(false)
            .send(HttpRequest.newBuilder(uri(false, port)).build(), BodyHandlers.ofString());

    // Then
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo("hello");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = StreamReturn.class,
      names = {"DISCONNECT_ME", "DESTROY_ME"})
  void aHandlerThatDoesNotAnswerClosesTheConnection(StreamReturn result) {
    // Given
    List<String> words = new CopyOnWriteArrayList<>();
    int port =
        serve(
            handler(words, (stream, word) -> word.equals("SERVER_TXN") ? result : StreamReturn.OK));

    // When
    RawClient client = stage.with(RawClient.to(port));
    int next = client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").read();

    // Then
    assertThat(next).isEqualTo(-1);
    Stage.await("the end", () -> words.contains("DESTROYING"));
    assertThat(words)
        .containsExactly(
            "CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN", "DISCONNECTED", "DESTROYING");
  }

  @Test
  void aHandlerAnswersPieceByPiece() {
    // Given
    List<String> words = new CopyOnWriteArrayList<>();
    int port =
        serve(
            handler(
                words,
                (stream, word) -> {
                  if (word.equals("SERVER_TXN")) {
                    ((AcceptedStream) stream).serverAck(0);
                    stream.requestTxLen(9);
                  }
                  return StreamReturn.OK;
                }));

    // When
    String head;
    String body;
    try (RawClient client = stage.with(RawClient.to(port))) {
      head = client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").head();
      body = client.body(9);
      client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").head();
      body += client.body(9);
    }

    // Then
    assertThat(head).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: 9");
    assertThat(body).isEqualTo("abcdefghi".repeat(2));
    Stage.await("the end", () -> words.contains("DESTROYING"));
    assertThat(words)
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_TXN",
            "tx#0",
            "tx#1",
            "tx#2",
            "SERVER_TXN",
            "tx#3",
            "tx#4",
            "tx#5",
            "DISCONNECTED",
            "DESTROYING");
  }

  private static StreamHandler handler(
      List<String> words, BiFunction<SecureStream, String, StreamReturn> states) {
    List<String> pieces = Arrays.asList("abc", "def", "ghi");
    return new StreamHandler() {
      @Override
      public StreamReturn state(SecureStream stream, StateEvent event) {
        words.add(event.state().name());
        return states.apply(stream, event.state().name());
      }

      @Override
      public StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
        words.add("tx#" + ordinal);
        int piece = (int) (ordinal % pieces.size());
        buffer.write(Payload.utf8(pieces.get(piece)), MessageFlags.of(piece == 0, piece == 2));
        if (piece < 2) {
          stream.requestTx();
        }
        return StreamReturn.OK;
      }
    };
  }

  // --- serving --------------------------------------------------------------------------------

  private int serve(Behaviour behaviour, List<EventLog> logs) {
    return serve(false, behaviour, logs, client -> {});
  }

  /** Something that is done when the body of a request ended. */
  private interface AtEnd {
    void ended(AcceptedStream client);
  }

  private int serve(boolean tls, Behaviour behaviour, List<EventLog> logs, AtEnd atEnd) {
    StreamServer server = streams(tls).serve("site");
    stage.ends(
        server
                .accepted()
                .subscribe(
                    client ->
                        logs.add(
                            EventLog.of(
                                client,
                                event -> {
                                  if (event instanceof StateEvent state) {
                                    behaviour.at(client, state.state());
                                  } else if (!(event instanceof MetadataEvent)
                                      && EventLog.text(event).endsWith("EOM)")) {
                                    atEnd.ended(client);
                                  }
                                })))
            ::dispose);
    return port(server);
  }

  private int serve(StreamHandler handler) {
    StreamServer server = streams(false).serve("site", handler);
    stage.ends(server::destroy);
    return port(server);
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }

  private SecureStreams streams(boolean tls) {
    String security = tls ? ",'tls':true,'server_cert':'it_cert','server_key':'it_key'" : "";
    TestPolicy policy =
        new TestPolicy()
            .identity("it", CA.issue("localhost"))
            .server(
                "site", "h1", "'metadata':[{'method':'','path':'','auth':'','q':''}]" + security);
    return stage.streams(policy);
  }

  private static HttpClient client(boolean tls) {
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    return (tls ? builder.sslContext(CA.clientContext()) : builder).build();
  }

  private static URI uri(boolean tls, int port) {
    return URI.create((tls ? "https://localhost:" : "http://localhost:") + port + "/a?q=1");
  }
}
