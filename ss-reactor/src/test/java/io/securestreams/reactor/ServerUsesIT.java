package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

/** What an application does with a whole server, seen by clients on real sockets. */
@ExtendWith(LeakCheck.class)
class ServerUsesIT {

  private static final String GET = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
          + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

  /** Unmasked, final, text, of 16 KiB: 4 bytes of head. */
  private static final int LARGE = 16 * 1024;

  @RegisterExtension final Stage stage = new Stage();

  private final List<String> words = new CopyOnWriteArrayList<>();

  /** Writes callbacks down; does at each state what a test wants. */
  private final class Scribe implements StreamHandler {

    private final Behaviour behaviour;

    Scribe(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      return heard(stream, event.state().name());
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      return heard(stream, EventLog.text(new PayloadEvent(payload, flags)));
    }

    private StreamReturn heard(SecureStream stream, String word) {
      words.add(word);
      behaviour.at((AcceptedStream) stream, word);
      return StreamReturn.OK;
    }
  }

  /** What is done inside a callback. */
  private interface Behaviour {
    void at(AcceptedStream client, String word);
  }

  private static void hello(AcceptedStream client, String word) {
    if (word.equals("SERVER_TXN")) {
      client.serverAck(0);
      client.tx().tryEmitNext(Payload.utf8("hello")).orThrow();
    }
  }

  // --- transactions ---------------------------------------------------------------------------

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"content-length: 0\r\n\r\n", "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"})
  void anEmptyBodyIsNoPayloadAtAll(String framing) {
    StreamServer server = serve("", ServerUsesIT::hello);
    RawClient client = client(server);

    client.send("POST / HTTP/1.1\r\nhost: x\r\n" + framing);
    client.head();
    client.body(5);
    client.close();

    Stage.await("the end", () -> words.contains("DESTROYING"));
    assertThat(words)
        .containsExactly(
            "CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN", "DISCONNECTED", "DESTROYING");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"a body, hello", "no body, ''"})
  void withoutLengthsABodyEndsWithTheConnection(String what, String body) {
    StreamServer server =
        serve(
            "'http_no_content_length':true,",
            (client, word) -> {
              if (word.equals("SERVER_TXN")) {
                client.serverAck(0);
                client.tx().tryEmitNext(Payload.utf8(body)).orThrow();
              }
            });
    RawClient client = client(server);

    String head = client.send(GET).head();

    assertThat(head)
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("connection: close")
        .doesNotContainIgnoringCase("content-length")
        .doesNotContainIgnoringCase("transfer-encoding");
    assertThat(client.body(body.length())).isEqualTo(body);
    assertThat(client.read()).isEqualTo(-1);
  }

  @Test
  void whatAHandlerSetsIsSentAlsoIfTheClientSaidTheSame() {
    StreamServer server =
        serve(
            "",
            (client, word) -> {
              if (word.equals("SERVER_TXN")) {
                client.metadata("mime", client.metadata("mime").orElse("none"));
                client.serverAck(0);
                client.tx().tryEmitNext(Payload.utf8("hello")).orThrow();
              }
            });
    RawClient client = client(server);

    String echoed = client.send("GET / HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\n\r\n").head();
    client.body(5);
    String next = client.send(GET).head();
    client.body(5);

    assertThat(echoed).containsIgnoringCase("content-type: a/b");
    assertThat(next).containsIgnoringCase("content-type: none");
  }

  // --- failures -------------------------------------------------------------------------------

  @ParameterizedTest(name = "in {0}")
  @ValueSource(strings = {"CONNECTED", "SERVER_TXN", "rx(4,SOM)", "rx(0,EOM)"})
  void aHandlerThatThrowsIsTheServersFault(String where) {
    // Given
    StreamServer server =
        serve(
            "",
            (client, word) -> {
              if (word.equals(where)) {
                throw new IllegalStateException("boom");
              }
            });
    RawClient client = client(server);

    // When
    String head = client.send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody").head();

    // Then
    assertThat(head).startsWith("HTTP/1.1 500 ");
    assertThat(client.read()).isEqualTo(-1);
    Stage.await("the end", () -> server.clients().isEmpty());
    assertThat(stage.errors().take())
        .containsExactly(
            "A callback threw; its stream is destroyed: java.lang.IllegalStateException: boom");
    assertThat(stage.errors().streamTypes()).containsExactly("site");
    server.changeHandlers(null, null, new Scribe(ServerUsesIT::hello));
    assertThat(client(server).send(GET).head()).startsWith("HTTP/1.1 200 ");
  }

  // --- broadcasts -----------------------------------------------------------------------------

  @ParameterizedTest(name = "{0}")
  @EnumSource(SlowConsumer.class)
  void aClientThatDoesNotReadHoldsUpNobody(SlowConsumer rule) {
    // Given
    StreamServer server = serve("", (client, word) -> {});
    RawClient slow = upgraded(server);
    RawClient quick = upgraded(server);
    Stage.await("both", () -> words.stream().filter("SERVER_UPGRADE"::equals).count() == 2);
    AcceptedStream behind = server.clients().get(0);
    Sinks.Many<Payload> messages = Sinks.many().unicast().onBackpressureBuffer();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    server.broadcast(messages.asFlux(), rule).subscribe(outcome);
    String text = "x".repeat(LARGE);

    // When
    int sent = 0;
    while (behind.tx().discarded() == 0) {
      assertThat(sent).as("messages until a client is too slow").isLessThan(10_000);
      messages.tryEmitNext(Payload.utf8(text)).orThrow();
      quick.body(4 + LARGE);
      sent++;
    }
    messages.tryEmitComplete();

    // Then
    assertThat(outcome.isTerminatedComplete()).isTrue();
    if (rule == SlowConsumer.DISCONNECT) {
      Stage.await("the end of the slow one", () -> server.clients().size() == 1);
    } else {
      assertThat(server.clients()).hasSize(2);
    }
    slow.close();
  }

  @Test
  void aClientThatKnowsOfItsUpgradeMissesNoBroadcast() {
    // Given: nobody has subscribed the events of what is accepted.
    List<AcceptedStream> waiting = new CopyOnWriteArrayList<>();
    StreamServer server = stage.streams(site("")).serve("site");
    stage.ends(server.accepted().subscribe(waiting::add)::dispose);
    RawClient client = upgraded(server);

    // When
    server.broadcast(Mono.just(Payload.utf8("news"))).block(SOON);

    // Then
    waiting.get(0).events().subscribe();
    assertThat(client.body(6)).isEqualTo("\u0081\u0004news");
  }

  // --- ends -----------------------------------------------------------------------------------

  @Test
  void aServerThatClosesInOrderAnswersWhatCame() {
    // Given
    StreamServer server = serve("", (client, word) -> {});
    int port = port(server);
    RawClient idle = client(server);
    RawClient socket = upgraded(server);
    RawClient busy = client(server).send(GET);
    Stage.await("the request", () -> words.contains("SERVER_TXN"));
    Stage.await("the upgrade", () -> words.contains("SERVER_UPGRADE"));
    TestSubscriber<Void> closed = TestSubscriber.create();

    // When
    server.closeGracefully(SOON).subscribe(closed);

    // Then
    assertThat(idle.read()).isEqualTo(-1);
    assertThat(socket.body(4)).isEqualTo("\u0088\u0002\u0003\u00e9");
    assertThatThrownBy(() -> RawClient.to(port)).isInstanceOf(UncheckedIOException.class);
    assertThat(closed.isTerminated()).isFalse();
    hello(server.clients().get(0), StreamState.SERVER_TXN.name());
    assertThat(busy.head()).startsWith("HTTP/1.1 200 ");
    assertThat(busy.body(5)).isEqualTo("hello");
    assertThat(busy.read()).isEqualTo(-1);
    Stage.await("the end", closed::isTerminatedComplete);
    assertThat(words).filteredOn("DESTROYING"::equals).hasSize(3);
  }

  // --- serving --------------------------------------------------------------------------------

  private StreamServer serve(String members, Behaviour behaviour) {
    StreamServer server = stage.streams(site(members)).serve("site", new Scribe(behaviour));
    stage.ends(server::destroy);
    return server;
  }

  private static TestPolicy site(String members) {
    return new TestPolicy()
        .server(
            "site",
            "h1",
            members
                + "'ws_subprotocol':'echo',"
                + "'metadata':[{'method':'','path':'','mime':'content-type:'}]");
  }

  private RawClient client(StreamServer server) {
    return stage.with(RawClient.to(port(server)));
  }

  private RawClient upgraded(StreamServer server) {
    RawClient client = client(server).send(UPGRADE);
    assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    return client;
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }
}
