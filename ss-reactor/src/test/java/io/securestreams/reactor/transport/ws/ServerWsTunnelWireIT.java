package io.securestreams.reactor.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Upgraded;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets over HTTP/2, frame by frame. Source: RFC 8441. */
@ExtendWith(LeakCheck.class)
class ServerWsTunnelWireIT {

  private static final int ENABLE_CONNECT_PROTOCOL = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WINDOW = 65_535;

  /** A close frame with code 1001, as a server sends it. */
  private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 3, (byte) 0xe9};

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theSettingsOfferWebSocketsIfThePlanDoes() {
    assertThat(settings(H2Client.to(bind(acceptor)))).containsEntry(ENABLE_CONNECT_PROTOCOL, 1);
    assertThat(settings(H2Client.to(fixture.bind(plan(WsSettings.NONE), acceptor))))
        .doesNotContainKey(ENABLE_CONNECT_PROTOCOL);
  }

  @Test
  void aProtocolThatWasNotOfferedIsAnError() {
    H2Client client = H2Client.to(fixture.bind(plan(WsSettings.NONE), acceptor));

    ask(client, "websocket", "13", "chat", false);

    assertThat(client.reset(1)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    assertThat(acceptor.isEmpty()).isTrue();
    client.close();
  }

  @ParameterizedTest(name = "{0} {1} {2}, ended {3}: {4}")
  @CsvSource({
    "connect-udp, 13, chat, false, 501",
    "websocket, 8, chat, false, 400",
    "websocket, 13, other, false, 400",
    "websocket, 13, chat, true, 400"
  })
  void refusesWhatItCannotCarryAndKeepsTheConnection(
      String protocol, String version, String subprotocols, boolean ended, String status) {
    H2Client client = H2Client.to(bind(acceptor));

    ask(client, protocol, version, subprotocols, ended);

    Http2Headers answer = client.decoded(client.next(H2Peer.HEADERS));
    assertThat(answer.status()).hasToString(status);
    assertThat(answer.contains("sec-websocket-version", "13")).isEqualTo("8".equals(version));
    client.get(3, "/");
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "");
    assertThat(client.status(3)).isEqualTo("200");
    client.close();
  }

  @Test
  void closesTheStreamOnceBothSidesAreDone() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    link.link().close(LinkClose.GOING_AWAY);
    assertThat(client.next(H2Peer.DATA).payload()).isEqualTo(GOING_AWAY);
    client.write(
        H2Peer.DATA, 0, 1, (byte) 0x88, (byte) 0x80, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    assertThat(client.next(H2Peer.DATA).ends()).isTrue();
    client.write(H2Peer.DATA, H2Peer.END_STREAM, 1);

    client.get(3, "/");
    RecordedLink request = acceptor.next();
    request.next(Transaction.class);
    request.answer(200, "");
    assertThat(client.next(H2Peer.HEADERS).stream()).isEqualTo(3);
    assertThat(link.rest()).isEmpty();
    client.close();
  }

  @Test
  void aClientThatDoesNotEndItsSideIsResetAfterAWhile() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    link.link().close(LinkClose.ABORT);

    H2Peer.Frame end = client.next(H2Peer.DATA);
    assertThat(end.ends()).isTrue();
    assertThat(end.payload()).isEmpty();
    assertThat(client.reset(1)).isEqualTo((int) Http2Error.CANCEL.code());
    client.close();
  }

  @Test
  void aClientThatEndsTheStreamWithoutAWordIsGone() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    client.write(H2Peer.DATA, H2Peer.END_STREAM, 1, text("bye"));

    assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("bye");
    assertThat(link.next(Closed.class).cause())
        .satisfies(cause -> assertThat(cause.kind()).isEqualTo(FailureKind.CLOSED))
        .hasMessageStartingWith("Peer dropped the connection: it, client 127.0.0.1:");
    assertThat(client.next(H2Peer.DATA).ends()).isTrue();
    client.close();
  }

  @Test
  void aClientThatResetsTheStreamIsGone() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    client.write(H2Peer.RST_STREAM, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);

    assertThat(link.next(Closed.class).cause())
        .satisfies(cause -> assertThat(cause.kind()).isEqualTo(FailureKind.CLOSED))
        .hasMessageStartingWith("Client gave the request up: CANCEL");
    client.close();
  }

  @Test
  void framesThatBreakTheRulesEndTheStreamAlone() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    // Not masked.
    client.write(H2Peer.DATA, 0, 1, (byte) 0x81, (byte) 1, (byte) 'x');

    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.PROTOCOL);
    assertThat(client.next(H2Peer.DATA).payload()).startsWith(0x88, 2, 3, 0xea);
    assertThat(client.next(H2Peer.DATA).ends()).isTrue();
    client.close();
  }

  @Test
  void aFrameMayComeInPieces() {
    H2Client client = H2Client.to(bind(acceptor));
    RecordedLink link = open(client);

    for (byte part : text("in pieces")) {
      client.write(H2Peer.DATA, 0, 1, part);
    }

    assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("in pieces");
    client.close();
  }

  @Test
  void aClientMaySendItsWindowAndNoMoreUntilThereIsCredit() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    H2Client client = H2Client.to(bind(frugal));
    ask(client, "websocket", "13", "chat", false);
    RecordedLink link = frugal.next();
    link.next(Upgraded.class);
    byte[] message = text("x".repeat(119));
    int messages = WINDOW / message.length;

    for (int i = 0; i < messages; i++) {
      client.write(H2Peer.DATA, 0, 1, message);
    }
    client.write(H2Peer.PING, 0, 0, new byte[8]);
    H2Peer.Frame frame;
    int granted = 0;
    do {
      frame = client.next();
      if (frame.type() == H2Peer.WINDOW_UPDATE && frame.stream() == 1) {
        granted += frame.number();
      }
    } while (frame.type() != H2Peer.PING);
    assertThat(granted).isLessThan(WINDOW / 2);
    assertThat(link.rest()).isEmpty();

    link.link().request(messages);
    for (int i = 0; i < messages; i++) {
      assertThat(link.next(Frame.class).payload().size()).isEqualTo(119);
    }
    do {
      frame = client.next(H2Peer.WINDOW_UPDATE);
    } while (frame.stream() != 1);
    client.close();
  }

  @Test
  void aPieceIsWrittenOnceTheClientsWindowLetItGo() {
    H2Client client = H2Client.to(bind(acceptor), INITIAL_WINDOW_SIZE, 0);
    RecordedLink link = open(client);

    link.send("12345", MessageFlags.SOM_EOM);
    client.write(H2Peer.PING, 0, 0, new byte[8]);
    client.next(H2Peer.PING);
    assertThat(link.rest()).isEmpty();

    client.write(H2Peer.WINDOW_UPDATE, 0, 1, ByteBuffer.allocate(4).putInt(100).array());
    assertThat(link.next()).isEqualTo(Written.ONE);
    assertThat(client.next(H2Peer.DATA).payload()).endsWith("12345".getBytes(UTF_8));
    client.close();
  }

  @Test
  void aClientThatTakesNothingIsLeftAndItsConnectionIsNot() {
    TransportSettings hasty =
        TransportSettings.DEFAULTS.withServers(
            ServerLimits.DEFAULTS.withStall(Duration.ofMillis(300)));
    ServerFixture impatient = new ServerFixture(hasty);
    try (H2Client client =
        H2Client.to(impatient.bind(plan(chat()), acceptor), INITIAL_WINDOW_SIZE, 0)) {
      RecordedLink link = open(client);

      link.send("12345", MessageFlags.SOM_EOM);

      assertThat(link.next(Closed.class).cause())
          .satisfies(cause -> assertThat(cause.kind()).isEqualTo(FailureKind.TIMEOUT))
          .hasMessageContaining("stall = 300 ms of serverLimits(...)");
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.CANCEL.code());
      client.get(3, "/");
      acceptor.next().next(Transaction.class);
    } finally {
      impatient.close();
    }
  }

  /** A message of text, with a mask of zeroes. */
  private static byte[] text(String text) {
    byte[] payload = text.getBytes(UTF_8);
    return ByteBuffer.allocate(6 + payload.length)
        .put((byte) 0x81)
        .put((byte) (0x80 | payload.length))
        .putInt(0)
        .put(payload)
        .array();
  }

  private RecordedLink open(H2Client client) {
    ask(client, "websocket", "13", "other, chat", false);
    Http2Headers answer = client.decoded(client.next(H2Peer.HEADERS));
    assertThat(answer.status()).hasToString("200");
    assertThat(answer.get("sec-websocket-protocol")).hasToString("chat");
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);
    return link;
  }

  private static void ask(
      H2Client client, String protocol, String version, String subprotocols, boolean end) {
    client.head(
        1,
        end,
        ":method",
        "CONNECT",
        ":protocol",
        protocol,
        ":scheme",
        "http",
        ":path",
        "/chat",
        ":authority",
        "localhost",
        "sec-websocket-version",
        version,
        "sec-websocket-protocol",
        subprotocols);
  }

  private static Map<Integer, Integer> settings(H2Client client) {
    ByteBuffer payload = ByteBuffer.wrap(client.next(H2Peer.SETTINGS).payload());
    client.close();
    Map<Integer, Integer> settings = new HashMap<>();
    while (payload.hasRemaining()) {
      settings.put((int) payload.getShort(), payload.getInt());
    }
    return settings;
  }

  private int bind(RecordingAcceptor by) {
    return fixture.bind(plan(chat()), by);
  }

  private static WsSettings chat() {
    return new WsSettings(Optional.of("chat"), WsSettings.Frames.TEXT, WsSettings.Turn.FAIR);
  }

  private static ServerPlan plan(WsSettings ws) {
    return ServerFixture.plan(Protocol.H2, ws);
  }
}
