package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that throw, or refuse: the client is told, and the server lives. */
class ServedFailuresTest {

  private static final String POLICY =
      """
      {"s":[{"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
               "metadata":[{"method":"","path":""}]}}]}
      """;

  private static final String THREW =
      "A callback threw; its stream is destroyed: java.lang.IllegalStateException: boom";

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();
  private final StreamServer server = context.streams().serve("site", handler);

  @ParameterizedTest(name = "a handler that throws in {0}: answers {1}")
  @CsvSource({
    "CREATING, '', CREATING DESTROYING",
    "CONNECTING, '', CREATING CONNECTING DESTROYING",
    "CONNECTED, 500 NONE, CREATING CONNECTING CONNECTED DISCONNECTED DESTROYING",
    "SERVER_TXN, 500 NONE, CREATING CONNECTING CONNECTED SERVER_TXN DISCONNECTED DESTROYING",
    "rx, 500 NONE,"
        + " 'CREATING CONNECTING CONNECTED SERVER_TXN rx(4,SOM) DISCONNECTED DESTROYING'",
    "tx, 200 LENGTH 3,"
        + " 'CREATING CONNECTING CONNECTED SERVER_TXN rx(4,SOM) rx(0,EOM) tx#0"
        + " DISCONNECTED DESTROYING'"
  })
  void endsARequestWhoseHandlerThrows(String callback, String answers, String story) {
    // Given
    handler
        .inside("rx", stream -> {})
        .inside(
            "SERVER_TXN",
            stream -> {
              ((AcceptedStream) stream).serverAck(0);
              stream.startTimeout(Duration.ofMillis(5));
            })
        .onFirst(callback, ServedFailuresTest::boom);
    TestLink link = context.server().connect();

    // When
    if (link.closes().isEmpty()) {
      link.asks("POST");
    }
    if (link.closes().isEmpty()) {
      link.frame("body", MessageFlags.SOM);
    }
    if (link.closes().isEmpty()) {
      link.frame("", MessageFlags.EOM);
      server.clients().get(0).requestTxLen(3);
    }

    // Then
    assertThat(String.join(", ", link.answers())).isEqualTo(answers);
    assertThat(link.closes()).containsExactly(LinkClose.FAULT);
    assertThat(String.join(" ", handler.all())).isEqualTo(story);
    assertTheServerLives();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"SERVER_UPGRADE", "rx", "tx", "TIMEOUT"})
  void closesASessionWhoseHandlerThrows(String callback) {
    // Given
    handler.onFirst(callback, ServedFailuresTest::boom);
    TestLink link = context.server().connect();

    // When
    link.upgrades();
    if (callback.equals("rx")) {
      link.message("hi");
    } else if (callback.equals("tx")) {
      server.clients().get(0).requestTx();
    } else if (callback.equals("TIMEOUT")) {
      server.clients().get(0).startTimeout(Duration.ofMillis(5));
      context.passMs(5);
    }

    // Then
    assertThat(link.answers()).isEmpty();
    assertThat(link.closes()).containsExactly(LinkClose.FAULT);
    assertThat(handler.all()).endsWith("DISCONNECTED", "DESTROYING");
    assertTheServerLives();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"DISCONNECTED", "DESTROYING"})
  void getsOverAHandlerThatThrowsAtTheEnd(String callback) {
    handler.onFirst(callback, ServedFailuresTest::boom);
    TestLink link = context.server().connect();
    link.asks("GET");

    link.drop();

    assertThat(handler.all()).endsWith("SERVER_TXN", "DISCONNECTED", "DESTROYING");
    assertThat(server.clients()).isEmpty();
    assertTheServerLives();
  }

  @Test
  void answersForASubscriberThatThrows() {
    // Given
    server.destroy();
    StreamServer other = context.streams().serve("site");
    List<AcceptedStream> accepted = new ArrayList<>();
    other.accepted().subscribe(accepted::add);
    TestLink link = context.server().connect();
    EventLog log =
        EventLog.at(
            StreamState.SERVER_TXN,
            accepted.get(0),
            () -> {
              throw new IllegalStateException("boom");
            });

    // When
    link.asks("GET");

    // Then
    assertThat(link.answers()).containsExactly("500 NONE");
    assertThat(link.closes()).containsExactly(LinkClose.FAULT);
    assertThat(log.all()).endsWith("SERVER_TXN");
    assertThat(context.errors().take())
        .containsExactly(
            "A subscriber threw; its stream is destroyed: java.lang.IllegalStateException: boom");
    other.destroy();
  }

  @ParameterizedTest(name = "{0} in CREATING")
  @EnumSource(names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void refusesAConnectionInCreating(StreamReturn result) {
    handler.answer("CREATING", result);

    TestLink link = context.server().connect();

    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
    assertThat(handler.all()).containsExactly("CREATING", "DESTROYING");
    assertThat(server.clients()).isEmpty();
  }

  @ParameterizedTest(name = "{0} in CONNECTING")
  @EnumSource(names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void refusesAConnectionInConnecting(StreamReturn result) {
    handler.answer("CONNECTING", result);

    TestLink link = context.server().connect();

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all()).containsExactly("CREATING", "CONNECTING", "DESTROYING");
    assertThat(server.clients()).isEmpty();
  }

  private static StreamReturn boom(SecureStream stream) {
    throw new IllegalStateException("boom");
  }

  /** Another client is served as if nothing had been. */
  private void assertTheServerLives() {
    assertThat(context.errors().take()).containsExactly(THREW);
    assertThat(context.errors().streamTypes()).containsExactly("site");
    handler.skip();
    handler.inside("SERVER_TXN", stream -> stream.tx().tryEmitNext(Payload.utf8("fine")));
    TestLink next = context.server().connect().asks("GET");
    assertThat(next.sent()).containsExactly("fine:SOM|EOM");
    assertThat(handler.fresh()).startsWith("CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN");
  }
}
