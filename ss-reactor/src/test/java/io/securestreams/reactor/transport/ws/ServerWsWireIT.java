package io.securestreams.reactor.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
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
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frame by frame: what WebSocket clients may say and get, well-behaved or not. */
@ExtendWith(LeakCheck.class)
class ServerWsWireIT {

  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final byte[] NOTHING = {};

  private static final TransportSettings LIMITS =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          16 * 1024,
          1000,
          1500);

  private final ServerFixture fixture = new ServerFixture(LIMITS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final RecordingAcceptor frugal = new RecordingAcceptor(0);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void acceptsAsTheStandardShowsIt() {
    try (RawClient client =
        RawClient.to(fixture.bind(ServerFixture.plan(Protocol.WS, WsSettings.NONE), acceptor))) {
      client.send(
          "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");

      assertThat(client.head())
          .isEqualTo(
              "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                  + "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
      acceptor.next().next(Upgraded.class);
    }
  }

  @Test
  void keepsWhatComesWithTheRequest() {
    try (RawClient client =
        RawClient.to(fixture.bind(ServerFixture.plan(Protocol.WS, WsSettings.NONE), acceptor))) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(upgrade("13", "Upgrade").getBytes(UTF_8));
      both.writeBytes(frame(FIN | TEXT, "early".getBytes(UTF_8)));
      client.send(both.toByteArray());

      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      RecordedLink link = acceptor.next();
      link.next(Upgraded.class);
      assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("early"), MessageFlags.SOM_EOM));
    }
  }

  @Test
  void upgradesAConnectionThatServedARequest() {
    try (RawClient client =
        RawClient.to(fixture.bind(ServerFixture.plan(Protocol.WS, WsSettings.NONE), acceptor))) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n" + upgrade("13", "Upgrade"));
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(client.head()).contains(" 200 ");
      assertThat(client.body(1)).isEqualTo("x");
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      link.next(Upgraded.class);

      client.send(frame(FIN | TEXT, NOTHING));
      assertThat(link.next()).isEqualTo(new Frame(Payload.empty(), MessageFlags.SOM_EOM));
    }
  }

  @ParameterizedTest(name = "version {0}, connection {1}: {2}")
  @CsvSource({"8,Upgrade,426", "13,close,0", "'',Upgrade,426"})
  void refusesAnUpgradeThatIsNone(String version, String connection, int status) {
    try (RawClient client =
        RawClient.to(fixture.bind(ServerFixture.plan(Protocol.WS, WsSettings.NONE), acceptor))) {
      client.send(upgrade(version, connection));
      RecordedLink link = acceptor.next();

      if (status == 0) {
        link.next(Transaction.class);
      } else {
        assertThat(client.rest())
            .startsWith("HTTP/1.1 " + status)
            .contains("sec-websocket-version: 13");
        assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.PROTOCOL);
      }
    }
  }

  @Test
  void sendsPlainFramesOfTheKindInThePolicy() {
    try (RawClient client = open(WsSettings.Frames.BINARY, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      link.send("a", MessageFlags.SOM);
      link.send("b".repeat(200), MessageFlags.NONE);
      link.send("", MessageFlags.EOM);

      assertThat(bytes(client, 3)).containsExactly(BINARY, 1, 'a');
      assertThat(bytes(client, 4)).containsExactly(CONTINUATION, 126, 0, 200);
      client.body(200);
      assertThat(bytes(client, 2)).containsExactly(FIN, 0);
    }
  }

  @Test
  void acceptsACharacterCutByFragments() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(frame(TEXT, new byte[] {(byte) 0xE2, (byte) 0x82}));
      client.send(frame(FIN | PING, new byte[] {7}));
      client.send(frame(FIN, new byte[] {(byte) 0xAC}));

      assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.SOM);
      assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.EOM);
      assertThat(bytes(client, 3)).containsExactly(0x8A, 1, 7);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a byte that never is, C0, 1007",
    "a cut character, E282, 1007",
    "a surrogate, EDA080, 1007",
    "beyond Unicode, F4908080, 1007",
    "overlong, E08080, 1007",
  })
  void refusesTextThatIsNone(String what, String hex, int code) {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(frame(FIN | TEXT, HexFormat.of().parseHex(hex)));

      assertThat(closeCode(client)).as(what).isEqualTo(code);
      assertClosed(link, FailureKind.PROTOCOL);
    }
  }

  @ParameterizedTest(name = "first byte {0}")
  @CsvSource({"F1,1002", "83,1002", "80,1002", "09,1002", "8B,1002"})
  void refusesFramesThatAreNone(String firstByte, int code) {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(frame(Integer.parseInt(firstByte, 16), NOTHING));

      assertThat(closeCode(client)).isEqualTo(code);
      assertClosed(link, FailureKind.PROTOCOL);
    }
  }

  @Test
  void refusesFramesThatAreNotMasked() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(new byte[] {(byte) (FIN | TEXT), 0});

      assertThat(closeCode(client)).isEqualTo(1002);
      assertClosed(link, FailureKind.PROTOCOL);
    }
  }

  @Test
  void limitsFrames() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);
      client.send(frame(FIN | BINARY, new byte[1000]));
      assertThat(link.next(Frame.class).payload().size()).isEqualTo(1000);

      client.send(frame(FIN | BINARY, new byte[1001]));

      assertThat(closeCode(client)).isEqualTo(1009);
      assertThat(assertClosed(link, FailureKind.LIMIT)).contains("frameBytes = 1000");
    }
  }

  @Test
  void limitsMessages() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(frame(BINARY, new byte[1000]));
      client.send(frame(CONTINUATION, new byte[500]));
      client.send(frame(CONTINUATION, new byte[1]));

      assertThat(closeCode(client)).isEqualTo(1009);
      link.next(Frame.class);
      link.next(Frame.class);
      assertThat(assertClosed(link, FailureKind.LIMIT)).contains("messageBytes = 1500");
    }
  }

  @Test
  void repeatsTheClientsCloseAndClosesTheSocket() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      client.send(frame(FIN | CLOSE, new byte[] {0x03, (byte) 0xE9, 'b', 'y', 'e'}));

      assertThat(closeCode(client)).isEqualTo(1001);
      assertThat(client.read()).isEqualTo(-1);
      assertThat(assertClosed(link, FailureKind.CLOSED)).contains("1001");
      link.send("late", MessageFlags.SOM_EOM);
      assertThat(link.rest()).isEmpty();
    }
  }

  @Test
  void waitsForTheClientsCloseAndThrowsAwayWhatComesBefore() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);

      link.send("last", MessageFlags.SOM_EOM);
      link.link().close(LinkClose.NORMAL);

      assertThat(bytes(client, 6)).containsExactly(FIN | TEXT, 4, 'l', 'a', 's', 't');
      assertThat(closeCode(client)).isEqualTo(1000);
      client.send(frame(FIN | TEXT, NOTHING));
      client.send(frame(FIN | CLOSE, new byte[] {0x03, (byte) 0xE8}));
      assertThat(client.read()).isEqualTo(-1);
      assertThat(link.rest()).doesNotHaveAnyElementsOfTypes(Closed.class, Frame.class);
    }
  }

  @Test
  void dropsAClientThatDoesNotAnswerTheClose() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      RecordedLink link = upgraded(acceptor);
      long before = System.nanoTime();

      link.link().close(LinkClose.NORMAL);

      assertThat(closeCode(client)).isEqualTo(1000);
      assertThat(client.read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
    }
  }

  @Test
  void abortsWithoutAWord() {
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      upgraded(acceptor).link().close(LinkClose.ABORT);

      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void tellsThatTheClientVanished() {
    RecordedLink link;
    try (RawClient client = open(WsSettings.Frames.TEXT, acceptor)) {
      link = upgraded(acceptor);
      client.reset();
    }

    assertClosed(link, FailureKind.CLOSED);
  }

  @Test
  void deliversWhatItReadBeforeItTellsTheEnd() {
    RecordedLink link;
    try (RawClient client = open(WsSettings.Frames.TEXT, frugal)) {
      link = upgraded(frugal);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (char c = 'a'; c < 'd'; c++) {
        all.writeBytes(frame(FIN | TEXT, new byte[] {(byte) c}));
      }
      all.writeBytes(frame(FIN | CLOSE, NOTHING));
      client.send(all.toByteArray());

      link.link().request(1);
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("a");
      assertThat(link.rest()).isEmpty();
      link.link().request(1);
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("b");
      link.link().request(1);
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("c");
      if (link.rest().isEmpty()) {
        // The close frame came in another packet, which needs credit to be read.
        link.link().request(1);
      }
      assertClosed(link, FailureKind.CLOSED);
      assertThat(bytes(client, 2)).containsExactly(FIN | CLOSE, 0);
    }
  }

  private RawClient open(WsSettings.Frames frames, RecordingAcceptor by) {
    RawClient client =
        RawClient.to(
            fixture.bind(
                ServerFixture.plan(
                    Protocol.H1, new WsSettings(Optional.of("p"), frames, WsSettings.Turn.FAIR)),
                by));
    client.send(upgrade("13", "Upgrade"));
    assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    return client;
  }

  private static RecordedLink upgraded(RecordingAcceptor by) {
    RecordedLink link = by.next();
    link.next(Upgraded.class);
    return link;
  }

  private static String upgrade(String version, String connection) {
    return "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: "
        + connection
        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "
        + version
        + "\r\n\r\n";
  }

  /** A frame, masked. */
  private static byte[] frame(int firstByte, byte[] payload) {
    byte[] mask = {0x11, 0x22, 0x33, 0x44};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(firstByte);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else {
      out.write(0x80 | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i & 3]);
    }
    return out.toByteArray();
  }

  private static int[] bytes(RawClient client, int count) {
    return client.body(count).chars().toArray();
  }

  private static int closeCode(RawClient client) {
    int[] frame = bytes(client, 4);
    assertThat(frame[0]).isEqualTo(FIN | CLOSE);
    assertThat(frame[1]).isEqualTo(2);
    return frame[2] << 8 | frame[3];
  }

  private static String assertClosed(RecordedLink link, FailureKind kind) {
    Closed closed = link.next(Closed.class);
    assertThat(closed.cause().kind()).isEqualTo(kind);
    assertThat(link.rest()).isEmpty();
    return closed.cause().getMessage();
  }
}
