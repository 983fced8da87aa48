package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** WebSockets that share an h2 connection: each is an accepted stream like any other. */
@ExtendWith(LeakCheck.class)
class ServedTunnelsIT {

  @RegisterExtension final Stage stage = new Stage();

  private final List<List<String>> logs = new CopyOnWriteArrayList<>();

  @Test
  void aWebSocketLeadsTheLifeOfAnAcceptedStream() {
    // Given
    H2Client client = connect(serve());

    // When
    open(client, 1);
    client.write(H2Peer.DATA, 0, 1, echoRequest());
    byte[] echo = client.next(H2Peer.DATA).payload();
    client.write(H2Peer.DATA, H2Peer.END_STREAM, 1);

    // Then
    assertThat(echo).containsExactly(0x82, 2, 'h', 'i');
    Stage.await("the end", () -> logs.get(0).contains("complete"));
    assertThat(logs.get(0))
        .filteredOn(word -> !word.contains("="))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_UPGRADE",
            "rx(2,SOM|EOM)",
            "DISCONNECTED",
            "DESTROYING",
            "complete");
  }

  @Test
  void aBroadcastReachesEachWebSocketOfAConnection() {
    // Given
    StreamServer server = serve();
    H2Client client = connect(server);
    open(client, 1);
    open(client, 3);
    Stage.await(
        "both", () -> logs.stream().filter(words -> words.contains("SERVER_UPGRADE")).count() == 2);

    // When
    server.broadcast(Flux.just(Payload.utf8("to all")), SlowConsumer.DISCONNECT).block(SOON);

    // Then
    H2Peer.Frame one = client.next(H2Peer.DATA);
    H2Peer.Frame other = client.next(H2Peer.DATA);
    assertThat(List.of(one.stream(), other.stream())).containsExactlyInAnyOrder(1, 3);
    assertThat(one.payload()).endsWith("to all".getBytes(UTF_8)).isEqualTo(other.payload());
  }

  @Test
  void aServerThatClosesInOrderSaysGoodByeOnEachStreamAndThenToTheConnection() {
    // Given
    StreamServer server = serve();
    H2Client client = connect(server);
    open(client, 1);
    Stage.await("the upgrade", () -> logs.get(0).contains("SERVER_UPGRADE"));
    TestSubscriber<Void> closed = TestSubscriber.create();

    // When
    server.closeGracefully(SOON).subscribe(closed);

    // Then
    assertThat(client.next(H2Peer.DATA).payload()).containsExactly(0x88, 2, 3, 0xe9);
    client.write(
        H2Peer.DATA, 0, 1, (byte) 0x88, (byte) 0x80, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    assertThat(client.next(H2Peer.DATA).ends()).isTrue();
    client.write(H2Peer.DATA, H2Peer.END_STREAM, 1);
    client.write(H2Peer.PING, H2Peer.ACK, 0, new byte[8]);
    H2Peer.Frame frame;
    do {
      frame = client.next();
    } while (frame != null);
    Stage.await("the end", closed::isTerminatedComplete);
    assertThat(logs.get(0)).endsWith("DISCONNECTED", "DESTROYING", "complete");
  }

  private H2Client connect(StreamServer server) {
    return stage.with(H2Client.to(((InetSocketAddress) server.address().block(SOON)).getPort()));
  }

  private static void open(H2Client client, int stream) {
    client.head(
        stream,
        false,
        ":method",
        "CONNECT",
        ":protocol",
        "websocket",
        ":scheme",
        "http",
        ":path",
        "/",
        ":authority",
        "localhost",
        "sec-websocket-version",
        "13");
    Http2Headers answer = client.decoded(client.next(H2Peer.HEADERS));
    assertThat(answer.status()).hasToString("200");
  }

  /** A message of two bytes, with a mask of zeroes. */
  private static byte[] echoRequest() {
    return new byte[] {(byte) 0x82, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};
  }

  private StreamServer serve() {
    TestPolicy policy =
        new TestPolicy().server("site", "h2", "'ws_subprotocol':'echo','ws_binary':true");
    StreamServer server = stage.streams(policy).serve("site");
    stage.ends(server.accepted().subscribe(this::echo)::dispose);
    return server;
  }

  private void echo(AcceptedStream client) {
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
}
