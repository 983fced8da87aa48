package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.WsPeer;
import io.securestreams.reactor.testing.WsPuppet;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the peer of a WebSocket is told when an application throws: it is not the peer's fault. */
@ExtendWith(LeakCheck.class)
class WsFaultsIT {

  private static final int INTERNAL_ERROR = 1011;
  private static final String TEXT = "'ws_binary':false";

  @RegisterExtension final Stage stage = new Stage();

  /** Sends back what it receives; throws in one callback, once. */
  private static final class Faulty implements StreamHandler {

    private final String where;
    private boolean thrown;
    private Payload echo = Payload.empty();

    Faulty(String where) {
      this.where = where;
    }

    private StreamReturn at(String callback) {
      if (!thrown && callback.equals(where)) {
        thrown = true;
        boom();
      }
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      return at(event.state().name());
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      at("rx");
      echo = payload;
      if (where.equals("TIMEOUT") && !thrown) {
        stream.startTimeout(Duration.ofMillis(1));
      } else {
        stream.requestTx();
      }
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
      boolean middle = where.equals("middle of tx") && !thrown;
      if (middle && ordinal > 0) {
        return at("middle of tx");
      }
      if (middle) {
        buffer.write(Payload.utf8("begun"), MessageFlags.SOM);
        stream.requestTx();
        return StreamReturn.OK;
      }
      buffer.write(echo, MessageFlags.SOM_EOM);
      return at("tx");
    }
  }

  @ParameterizedTest(name = "in {0}")
  @ValueSource(strings = {"CONNECTED", "SERVER_UPGRADE", "rx", "tx", "middle of tx", "TIMEOUT"})
  void aServerWhoseHandlerThrowsSaysSoAndLives(String where) throws IOException {
    // Given
    StreamServer server = stage.streams(site()).serve("site", new Faulty(where));
    stage.ends(server::destroy);
    WsPuppet client = puppet(server);

    // When
    client.say(WsPuppet.FIN | WsWire.TEXT, utf8("hello"));
    WsPuppet.Heard last = client.hear();
    if (where.equals("middle of tx")) {
      assertThat(last.first()).isEqualTo(WsWire.TEXT);
      last = client.hear();
    }

    // Then
    assertThat(last.first()).isEqualTo(WsPuppet.FIN | WsWire.CLOSE);
    assertThat(last.code()).isEqualTo(INTERNAL_ERROR);
    Stage.await("the end", () -> server.clients().isEmpty());
    assertThat(stage.errors().take())
        .containsExactly(
            "A callback threw; its stream is destroyed: java.lang.IllegalStateException: boom");
    assertThat(stage.errors().streamTypes()).containsExactly("site");
    WsPuppet next = puppet(server);
    next.say(WsPuppet.FIN | WsWire.TEXT, utf8("again"));
    assertThat(next.hear().payload()).isEqualTo(utf8("again"));
  }

  @Test
  void aServerWhoseSubscriberThrowsSaysSo() throws IOException {
    // Given
    StreamServer server = stage.streams(site()).serve("site");
    stage.ends(
        server
                .accepted()
                .subscribe(
                    client -> EventLog.at(StreamState.SERVER_UPGRADE, client, WsFaultsIT::boom))
            ::dispose);

    // When
    WsPuppet client = puppet(server);

    // Then
    assertThat(client.hear().code()).isEqualTo(INTERNAL_ERROR);
    Stage.await("the end", () -> server.clients().isEmpty());
    assertThat(stage.errors().take())
        .containsExactly(
            "A subscriber threw; its stream is destroyed: java.lang.IllegalStateException: boom");
  }

  @ParameterizedTest(name = "in {0}")
  @ValueSource(strings = {"CONNECTED", "rx", "tx"})
  void aClientWhoseHandlerThrowsSaysSo(String where) {
    // Given
    WsPeer peer = stage.with(WsPeer.echo());
    TestPolicy policy = new TestPolicy().client("chat", "ws", peer.port(), TEXT);
    SecureStream stream = stage.streams(policy).open("chat", new Faulty(where));

    // When
    stream.tx().tryEmitNext(Payload.utf8("hello")).orThrow();

    // Then
    assertThat(peer.closeCode()).isEqualTo(INTERNAL_ERROR);
    Stage.await("the error", () -> !stage.errors().streamTypes().isEmpty());
    assertThat(stage.errors().streamTypes()).containsExactly("chat");
    assertThat(stage.errors().take()).hasSize(1);
  }

  private static void boom() {
    throw new IllegalStateException("boom");
  }

  private static TestPolicy site() {
    return new TestPolicy().server("site", "ws", TEXT);
  }

  private WsPuppet puppet(StreamServer server) throws IOException {
    int port = ((InetSocketAddress) server.address().block(SOON)).getPort();
    return stage.with(WsPuppet.client(port, false, ""));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
