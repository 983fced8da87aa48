package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.ClientFixture.target;
import static io.securestreams.reactor.testing.ClientFixture.ws;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSocket peers that break the rules, and what a client makes of them. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class ClientWsFailuresIT {

  private static final Pattern KEY =
      Pattern.compile("sec-websocket-key: (\\S+)", Pattern.CASE_INSENSITIVE);

  private final ClientFixture client = new ClientFixture(ClientFixture.SHORT);
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private static String accept(String head) {
    Matcher key = KEY.matcher(head);
    assertThat(key.find()).isTrue();
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest(
                      (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                          .getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void upgrade(Conversation c, String more) throws IOException {
    c.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(c.head())
            + "\r\n"
            + more
            + "\r\n");
  }

  /** Upgrades, sends bytes, then waits for the end of the connection. */
  private static RawPeer saying(int... bytes) {
    return new RawPeer(
        c -> {
          upgrade(c, "");
          c.write(bytes(bytes));
          c.drain();
        });
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A frame of a server, with the 16-bit length form if needed. */
  private static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(payload.length);
    } else {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static int readCloseCode(Conversation c) throws IOException {
    assertThat(c.read()).isEqualTo(0x88);
    byte[] body = c.read((c.read() & 0x7F) + 4);
    return ((body[4] ^ body[0]) & 0xFF) << 8 | ((body[5] ^ body[1]) & 0xFF);
  }

  private Link start(RawPeer peer) {
    return start(ws(target(peer.port())), Long.MAX_VALUE);
  }

  private Link start(WsPlan plan, long credit) {
    Link link = client.transports().link(plan, observer);
    link.request(credit);
    link.start();
    return link;
  }

  private LinkSignal.Failed expectFailed(FailureKind kind, String message) {
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause()).hasMessageContaining(message);
    assertThat(failed.cause().kind()).isEqualTo(kind);
    assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
    observer.expectNothingWaiting();
    return failed;
  }

  private void expectClosed(FailureKind kind, String message) {
    LinkSignal.Closed closed = observer.next(LinkSignal.Closed.class);
    assertThat(closed.cause()).hasMessageContaining(message);
    assertThat(closed.cause().kind()).isEqualTo(kind);
    observer.expectNothingWaiting();
  }

  @ParameterizedTest(name = "status {0}: wait {1} ms")
  @CsvSource({"200, 0", "302, 0", "403, 0", "503, 2000", "429, 2000"})
  void failsOnAnyStatusBut101(int status, long wait) {
    String answer =
        "HTTP/1.1 " + status + " X\r\nretry-after: 2\r\ncontent-length: 99999\r\n\r\nmore";
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write(answer);
              c.drain();
            })) {
      start(peer);
      assertThat(expectFailed(FailureKind.PROTOCOL, "status " + status).retryAfterMs())
          .isEqualTo(wait);
    }
  }

  @Test
  void failsIfThePeerClosesInsteadOfAnswering() {
    try (RawPeer peer = new RawPeer(Conversation::head)) {
      start(peer);
      expectFailed(FailureKind.CLOSED, "closed during the upgrade");
    }
  }

  @Test
  void waitsForTheUpgradeOnlySoLong() {
    try (RawPeer peer = new RawPeer(Conversation::drain)) {
      start(peer);
      expectFailed(FailureKind.TIMEOUT, "within 1500 ms");
    }
  }

  @Test
  void refusesAWrongKey() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write(
                  "HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                      + "sec-websocket-accept: AAAA\r\n\r\n");
              c.drain();
            })) {
      start(peer);
      expectFailed(FailureKind.PROTOCOL, "Invalid challenge");
    }
  }

  @Test
  void refusesASubprotocolThatWasNotOffered() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "sec-websocket-protocol: yours\r\n");
              c.drain();
            })) {
      start(ws(target(peer.port()), Optional.of("mine")), 1);
      expectFailed(FailureKind.PROTOCOL, "\"yours\", which was not offered");
    }
  }

  @Test
  void acceptsAPeerThatIgnoresTheSubprotocolAndMapsItsHeaders() {
    WsPlan plan;
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "X-Region: uk\r\n");
              c.drain();
            })) {
      plan =
          new WsPlan(
              "test",
              target(peer.port()),
              "/",
              List.of(),
              Optional.of("mine"),
              WsSettings.Frames.TEXT,
              new ResponseRules(0, Map.of(), Map.of("x-region", "region")),
              Set.of());
      Link link = start(plan, 1);
      observer.expect(new LinkSignal.Up(List.of(new MetadataValue("region", "uk")), 0));
      link.close(LinkClose.ABORT);
    }
  }

  @Test
  void readsFramesThatCameWithTheUpgrade() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              String head =
                  "HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: keep-alive, Upgrade\r\n"
                      + "sec-websocket-accept: "
                      + accept(c.head())
                      + "\r\n\r\n";
              c.write(head + new String(frame(0x81, bytes('h', 'i')), StandardCharsets.ISO_8859_1));
              c.drain();
            })) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("hi"), MessageFlags.SOM_EOM));
    }
  }

  @Test
  void joinsTextThatIsCutInsideACharacter() {
    // U+20AC in three fragments, with a ping between.
    try (RawPeer peer = saying(0x01, 1, 0xE2, 0x89, 0, 0x00, 1, 0x82, 0x80, 1, 0xAC)) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(new String(observer.message(), StandardCharsets.UTF_8)).isEqualTo("\u20ac");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "invalid text | 81 01 FF | PROTOCOL | UTF-8 | 1007",
        "cut character | 81 01 E2 | PROTOCOL | UTF-8 | 1007",
        "surrogate | 81 03 ED A0 80 | PROTOCOL | UTF-8 | 1007",
        "masked | 82 81 00 00 00 00 00 | PROTOCOL | masked | 1002",
        "reserved bit | C2 00 | PROTOCOL | RSV | 1002",
        "reserved opcode | 83 00 | PROTOCOL | opcode 3 | 1002",
        "fragmented ping | 09 00 | PROTOCOL | control frame | 1002",
        "long ping | 89 7E 00 7E | PROTOCOL | control frame | 1002",
        "stray continuation | 80 00 | PROTOCOL | outside fragmented message | 1002",
        "long form of a short length | 82 7E 00 01 00 | PROTOCOL | minimal length | 1002",
        "negative length | 82 7F FF FF FF FF FF FF FF FF | PROTOCOL | negative length | 1002",
        "close code | 88 02 03 ED | PROTOCOL | 1005 | 1002",
        "half a close code | 88 01 03 | PROTOCOL | payload len 1 | 1002",
        "frame over the limit | 82 7E 04 01 | LIMIT | frameBytes = 1024 | 1009",
        "huge frame | 82 7F 7F FF FF FF FF FF FF FF | LIMIT | frameBytes = 1024 | 1009",
      })
  void breaksOffWithAReason(String what, String hex, FailureKind kind, String message, int code) {
    CompletableFuture<Integer> told = new CompletableFuture<>();
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              for (String digits : hex.trim().split(" ")) {
                // One by one: nothing may depend on how bytes arrive.
                c.write(bytes(Integer.parseInt(digits, 16)));
              }
              told.complete(readCloseCode(c));
              c.write(frame(0x88, bytes(code >> 8, code & 0xFF)));
            })) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      expectClosed(kind, message);
      assertThat(told.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(code);
    }
  }

  @Test
  void limitsMessagesOfManyFrames() {
    CompletableFuture<Integer> told = new CompletableFuture<>();
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              c.write(frame(0x02, new byte[1000]));
              for (int i = 0; i < 4; i++) {
                c.write(frame(0x00, new byte[1000]));
              }
              told.complete(readCloseCode(c));
            })) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      for (int i = 0; i < 4; i++) {
        observer.next(LinkSignal.Frame.class);
      }
      expectClosed(FailureKind.LIMIT, "messageBytes = 4096");
      assertThat(told.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(1009);
    }
  }

  @Test
  void reportsADroppedConnection() {
    try (RawPeer peer = new RawPeer(c -> upgrade(c, ""))) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      expectClosed(FailureKind.CLOSED, "dropped the connection");
    }
  }

  @Test
  void waitsForTheEndOfTheConnectionOnlySoLong() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              c.write(bytes(0x88, 0));
              c.drain();
              ended.countDown();
            })) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      expectClosed(FailureKind.CLOSED, "no code");
      // The peer, whose part it is, never closes the socket.
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void dropsAPeerThatDoesNotSayGoodbye() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              assertThat(readCloseCode(c)).isEqualTo(1000);
              c.drain();
              ended.countDown();
            })) {
      Link link = start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      link.close(LinkClose.NORMAL);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      observer.expectNothingWaiting();
    }
  }

  @Test
  void leavesFramesInTheSocketWhileNobodyWantsThem() throws InterruptedException {
    int frames = 64 * 1024;
    CountDownLatch written = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              byte[] frame = frame(0x82, new byte[1000]);
              for (int i = 0; i < frames; i++) {
                c.write(frame);
              }
              written.countDown();
              c.write(frame(0x88, new byte[0]));
            })) {
      Link link = start(ws(target(peer.port())), 2);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.next(LinkSignal.Frame.class);
      observer.next(LinkSignal.Frame.class);
      assertThat(written.await(700, TimeUnit.MILLISECONDS)).as("all of it was taken").isFalse();
      observer.expectNothingWaiting();
      link.request(5);
      for (int i = 0; i < 5; i++) {
        observer.next(LinkSignal.Frame.class);
      }
      link.request(Long.MAX_VALUE);
      for (int i = 7; i < frames; i++) {
        observer.next(LinkSignal.Frame.class);
      }
      expectClosed(FailureKind.CLOSED, "no code");
    }
  }

  @Test
  void deliversWhatCameBeforeTheEndToWhoAsksLater() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              c.write(frame(0x82, bytes(1)));
              c.write(frame(0x82, bytes(2)));
            })) {
      Link link = start(ws(target(peer.port())), 1);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.next(LinkSignal.Frame.class);
      link.request(1);
      observer.next(LinkSignal.Frame.class);
      link.request(1);
      expectClosed(FailureKind.CLOSED, "dropped");
    }
  }

  @Test
  void writesAtThePaceOfThePeer() throws InterruptedException {
    int size = 1 << 20;
    CountDownLatch go = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              upgrade(c, "");
              try {
                go.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                return;
              }
              c.drain();
            })) {
      Link link = start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      TxPiece piece = new TxPiece(Payload.of(new byte[size]), MessageFlags.SOM_EOM);
      for (int i = 0; i < Link.WINDOW; i++) {
        link.send(piece);
      }
      assertThat(go.await(300, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(observer.waiting()).as("pieces that the socket took").isLessThan(Link.WINDOW / 2);
      go.countDown();
      observer.expectWritten(Link.WINDOW);
      link.close(LinkClose.ABORT);
    }
  }

  @Test
  void saysNothingOnceClosedWhileConnecting() {
    try (RawPeer peer = new RawPeer(Conversation::drain)) {
      Link link = start(peer);
      link.close(LinkClose.NORMAL);
      client.close();
      observer.expectNothingWaiting();
    }
  }
}
