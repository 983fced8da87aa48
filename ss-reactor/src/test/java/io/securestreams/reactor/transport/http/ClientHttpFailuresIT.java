package io.securestreams.reactor.transport.http;

import static io.securestreams.reactor.testing.ClientFixture.RULES;
import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.http;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong in a transaction, and what is said about it. */
@ExtendWith(LeakCheck.class)
class ClientHttpFailuresIT {

  private final ClientFixture client = new ClientFixture(ClientFixture.SHORT);
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Link start(ClientPlan plan) {
    return start(plan, Long.MAX_VALUE);
  }

  private Link start(ClientPlan plan, long credit) {
    Link link = client.transports().link(plan, observer);
    if (credit > 0) {
      link.request(credit);
    }
    link.start();
    return link;
  }

  /** Answers the first request of each connection, then waits for its end. */
  private static RawPeer once(String response) {
    return new RawPeer(
        c -> {
          c.head();
          c.write(response);
          c.drain();
        });
  }

  private void expectFailed(FailureKind kind, Delivery delivery, String message) {
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause()).hasMessageContaining(message);
    assertThat(failed.cause().kind()).isEqualTo(kind);
    assertThat(failed.delivery()).isEqualTo(delivery);
    observer.expectNothingWaiting();
  }

  private void expectClosed(FailureKind kind) {
    LinkSignal.Closed closed = observer.next(LinkSignal.Closed.class);
    assertThat(closed.cause().kind()).isEqualTo(kind);
    observer.expectNothingWaiting();
  }

  @Test
  void waitsForAnAnswerOnlySoLong() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.TIMEOUT, Delivery.UNKNOWN, "gave no sign for 1500 ms");
    }
  }

  @Test
  void waitsForTheRestOfABodyOnlySoLong() {
    try (RawPeer peer = once("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.next(LinkSignal.Frame.class);
      expectClosed(FailureKind.TIMEOUT);
    }
  }

  @Test
  void doesNotCountTheTimeInWhichNobodyReads() throws InterruptedException {
    CountDownLatch read = new CountDownLatch(1);
    try (RawPeer peer = once("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc")) {
      Link link = start(get(target(peer.port()), "/"), 0);
      observer.expect(LinkSignal.Up.PLAIN);
      // Longer than the limit on inactivity.
      assertThat(read.await(700, TimeUnit.MILLISECONDS)).isFalse();
      observer.expectNothingWaiting();
      link.request(1);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      observer.expect(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void refusesGarbage() {
    try (RawPeer peer = once("220 mail.example ESMTP\r\n\r\n")) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.PROTOCOL, Delivery.UNKNOWN, "protocol error");
    }
  }

  @Test
  void refusesAHeadOverTheLimit() {
    try (RawPeer peer = once("HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000) + "\r\n\r\n")) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.LIMIT, Delivery.UNKNOWN, "16384");
    }
  }

  @Test
  void refusesUnknownTransferCodings() {
    try (RawPeer peer = once("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nx")) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.PROTOCOL, Delivery.UNKNOWN, "transfer");
    }
  }

  @Test
  void refusesASwitchOfProtocols() {
    try (RawPeer peer = once("HTTP/1.1 101 Yes\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.PROTOCOL, Delivery.UNKNOWN, "unasked");
    }
  }

  @Test
  void followsNoRedirect() {
    try (RawPeer peer = once("HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n")) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.PROTOCOL, Delivery.UNKNOWN, "redirect to /y is not followed");
    }
  }

  @Test
  void tellsThatCredentialsAreRefused() {
    ResponseRules rules = new ResponseRules(0, Map.of(401, 4), Map.of());
    try (RawPeer peer = once("HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\nno")) {
      start(http(target(peer.port()), "GET", "/", BodyPlan.NONE, rules));
      assertThat(observer.next(LinkSignal.AuthRefused.class).cause())
          .hasMessageContaining("401")
          .extracting("kind")
          .isEqualTo(FailureKind.AUTH);
      observer.expectNothingWaiting();
    }
  }

  @Test
  void reportsAConnectionThatEndsBeforeTheAnswer() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::head)) {
      start(get(target(peer.port()), "/"));
      expectFailed(FailureKind.CLOSED, Delivery.UNKNOWN, "without an answer");
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void reportsABodyThatIsCutOff() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
            })) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      expectClosed(FailureKind.CLOSED);
    }
  }

  @Test
  void reportsChunksThatAreCutOff() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
            })) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      expectClosed(FailureKind.CLOSED);
    }
  }

  @Test
  void reportsAResetInsideTheBody() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
              c.read();
              c.reset();
            })) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.ofLength(9), RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("x"), MessageFlags.SOM));
      observer.expectWritten(1);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      expectClosed(FailureKind.CLOSED);
    }
  }

  @Test
  void dialsAgainIfAKeptConnectionDiesUnanswered() {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (RawPeer peer =
        new RawPeer(
            c -> {
              heads.add(c.head());
              c.write("HTTP/1.1 204 No Content\r\n\r\n");
              // The next request on this connection is read, and not answered.
              heads.add(c.head());
            })) {
      for (int i = 0; i < 2; i++) {
        start(get(target(peer.port()), "/" + i));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(peer.connections()).isEqualTo(2);
      assertThat(heads).hasSize(3);
    }
  }

  @Test
  void doesNotRepeatWhatMayHaveHadAnEffect() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 204 No Content\r\n\r\n");
              c.head();
            })) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      start(http(target(peer.port()), "POST", "/", BodyPlan.NONE, RULES));
      expectFailed(FailureKind.CLOSED, Delivery.UNKNOWN, "without an answer");
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void doesNotKeepAConnectionThatSaysMoreThanWasAsked() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              String answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
              while (!c.head().isEmpty()) {
                c.write(answer + answer);
              }
            })) {
      for (int i = 1; i <= 3; i++) {
        start(get(target(peer.port()), "/"));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
        assertThat(peer.connections()).isEqualTo(i);
      }
    }
  }

  @Test
  void closesAConnectionThatNobodyUses() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 204 No Content\r\n\r\n");
              c.drain();
              ended.countDown();
            })) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void leavesTheBodyInTheSocketWhileNobodyWantsIt() throws InterruptedException {
    long size = 64L << 20;
    CountDownLatch written = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.1 200 OK\r\ncontent-length: " + size + "\r\n\r\n");
              byte[] block = new byte[1 << 16];
              for (long sent = 0; sent < size; sent += block.length) {
                c.write(block);
              }
              written.countDown();
              c.drain();
            })) {
      Link link = start(get(target(peer.port()), "/"), 3);
      observer.expect(LinkSignal.Up.PLAIN);
      long received = 0;
      for (int i = 0; i < 3; i++) {
        received += observer.next(LinkSignal.Frame.class).payload().size();
      }
      assertThat(written.await(700, TimeUnit.MILLISECONDS)).as("all of it was taken").isFalse();
      observer.expectNothingWaiting();
      link.request(Long.MAX_VALUE);
      while (received < size) {
        received += observer.next(LinkSignal.Frame.class).payload().size();
      }
      observer.expect(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void writesAtThePaceOfThePeer() throws InterruptedException {
    int pieces = Link.WINDOW;
    int size = 1 << 20;
    CountDownLatch go = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              try {
                go.await(10, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                return;
              }
              c.read(pieces * size);
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
              c.drain();
            })) {
      Link link =
          start(
              http(
                  target(peer.port()), "PUT", "/", BodyPlan.ofLength((long) pieces * size), RULES));
      observer.expect(Event.TX_READY);
      Payload piece = Payload.of(new byte[size]);
      for (int i = 0; i < pieces; i++) {
        link.send(new TxPiece(piece, MessageFlags.of(i == 0, i == pieces - 1)));
      }
      assertThat(go.await(300, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(observer.waiting()).as("pieces that the socket took").isLessThan(pieces / 2);
      go.countDown();
      observer.expectWritten(pieces);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void givesUpOnAPeerThatTakesNothing() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })) {
      Link link = start(http(target(peer.port()), "PUT", "/", BodyPlan.CHUNKED, RULES));
      observer.expect(Event.TX_READY);
      Payload piece = Payload.of(new byte[1 << 20]);
      for (int i = 0; i < Link.WINDOW; i++) {
        link.send(new TxPiece(piece, MessageFlags.of(i == 0, false)));
      }
      assertThat(observer.nextUnlessWritten())
          .isInstanceOfSatisfying(
              LinkSignal.Failed.class,
              failed -> assertThat(failed.cause().kind()).isEqualTo(FailureKind.TIMEOUT));
    }
  }

  @Test
  void waitsForTheApplicationAsLongAsItLikes() throws InterruptedException {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              assertThat(c.head()).contains("transfer-encoding: chunked");
              c.read("2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n".length());
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
              c.drain();
            })) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.CHUNKED, RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("ab"), MessageFlags.SOM));
      observer.expectWritten(1);
      assertThat(new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS)).isFalse();
      link.send(new TxPiece(Payload.utf8("cd"), MessageFlags.EOM));
      observer.expectWritten(1);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void stopsSendingWhenTheAnswerIsThere() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.read(1);
              c.write("HTTP/1.1 413 Too Big\r\ncontent-length: 2\r\n\r\nno");
              c.drain();
            })) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.ofLength(1 << 20), RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("x"), MessageFlags.SOM));
      observer.expectWritten(1);
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("y"), MessageFlags.NONE));
      assertThat(observer.message()).asString().isEqualTo("no");
      observer.expect(Event.NACKED);
      observer.expectNothingWaiting();
    }
  }

  @Test
  void refusesABodyThatIsLongerThanAnnounced() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.ofLength(3), RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("abcd"), MessageFlags.SOM));
      expectFailed(FailureKind.PLAN, Delivery.NOT_SENT, "announced were 3");
    }
  }

  @Test
  void refusesABodyThatIsShorterThanAnnounced() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.ofLength(3), RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("a"), MessageFlags.SOM));
      observer.expectWritten(1);
      link.send(new TxPiece(Payload.utf8("b"), MessageFlags.EOM));
      expectFailed(FailureKind.PLAN, Delivery.UNKNOWN, "2 bytes, announced were 3");
    }
  }

  @Test
  void sendsAnEmptyBody() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              assertThat(c.head()).contains("content-length: 0\r\n");
              c.write("HTTP/1.1 204 No Content\r\n\r\n");
              c.drain();
            })) {
      Link link = start(http(target(peer.port()), "POST", "/", BodyPlan.ofLength(0), RULES));
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.empty(), MessageFlags.SOM_EOM));
      observer.expectWritten(1);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(peer.failures()).isEmpty();
    }
  }

  @Test
  void refusesHeadersThatCannotBeSent() {
    HttpPlan plan =
        new HttpPlan(
            "test",
            target(9),
            HttpWire.H1,
            "GET",
            "/",
            List.of(new Header("bad name", "x")),
            BodyPlan.NONE,
            RULES,
            Set.of());
    start(plan);
    expectFailed(FailureKind.PLAN, Delivery.NOT_SENT, "cannot be sent");
  }
}
