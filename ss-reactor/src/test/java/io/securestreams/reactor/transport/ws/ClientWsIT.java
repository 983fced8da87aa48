package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.ClientFixture.target;
import static io.securestreams.reactor.testing.ClientFixture.ws;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.WsPeer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.PingFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WebSocket clients against a server that shares no code with us. */
@ExtendWith(LeakCheck.class)
class ClientWsIT {

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Link open(WsPeer peer) {
    Link link = client.transports().link(ws(target(peer.port())), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    observer.expect(LinkSignal.Up.PLAIN);
    return link;
  }

  private static TxPiece whole(Payload payload) {
    return new TxPiece(payload, MessageFlags.SOM_EOM);
  }

  @Test
  void echoesMessagesOfEverySize() {
    try (WsPeer peer = WsPeer.echo()) {
      Link link = open(peer);
      for (int size : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 1024 * 1024}) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) (i * 31 + size);
        }
        Payload payload = Payload.wrap(bytes);
        link.send(whole(payload));
        assertThat(observer.nextUnlessWritten())
            .isEqualTo(new LinkSignal.Frame(payload, MessageFlags.SOM_EOM));
      }
    }
  }

  @Test
  void sendsAndReceivesFragments() {
    try (WsPeer peer = WsPeer.echo()) {
      Link link = open(peer);
      link.send(new TxPiece(Payload.utf8("ab"), MessageFlags.SOM));
      link.send(new TxPiece(Payload.utf8("cd"), MessageFlags.NONE));
      link.send(new TxPiece(Payload.utf8("ef"), MessageFlags.EOM));
      assertThat(observer.nextUnlessWritten())
          .isInstanceOfSatisfying(
              LinkSignal.Frame.class,
              frame -> assertThat(frame.payload().utf8()).isEqualTo("abcdef"));
      peer.connection().sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[3]), false);
      peer.connection().sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[2]), false);
      peer.connection().sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[1]), true);
      assertThat(observer.nextUnlessWritten())
          .isEqualTo(new LinkSignal.Frame(Payload.of(new byte[3]), MessageFlags.SOM));
      observer.expect(new LinkSignal.Frame(Payload.of(new byte[2]), MessageFlags.NONE));
      observer.expect(new LinkSignal.Frame(Payload.of(new byte[1]), MessageFlags.EOM));
    }
  }

  @Test
  void reportsWhatWasWritten() {
    try (WsPeer peer = WsPeer.silent()) {
      Link link = open(peer);
      for (int i = 0; i < Link.WINDOW; i++) {
        link.send(whole(Payload.utf8("message " + i)));
      }
      observer.expectWritten(Link.WINDOW);
    }
  }

  @Test
  void keepsTheOrderHoweverMessagesAreSent() throws InterruptedException {
    int messages = 5_000;
    AtomicInteger next = new AtomicInteger();
    AtomicInteger expected = new AtomicInteger();
    AtomicInteger misplaced = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    try (WsPeer peer = WsPeer.echo()) {
      AtomicReference<Link> link = new AtomicReference<>();
      LinkObserver sending =
          signal -> {
            if (signal instanceof LinkSignal.Up) {
              for (int i = 0; i < Link.WINDOW; i++) {
                link.get().send(numbered(next.getAndIncrement()));
              }
            } else if (signal instanceof LinkSignal.Written written) {
              for (int i = 0; i < written.pieces() && next.get() < messages; i++) {
                link.get().send(numbered(next.getAndIncrement()));
              }
            } else if (signal instanceof LinkSignal.Frame frame) {
              ByteBuffer bytes = frame.payload().asByteBuffer();
              if (bytes.getInt() != expected.getAndIncrement()) {
                misplaced.incrementAndGet();
              }
              if (expected.get() == messages) {
                done.countDown();
              }
            }
          };
      link.set(client.transports().link(ws(target(peer.port())), sending));
      link.get().request(Long.MAX_VALUE);
      link.get().start();
      assertThat(done.await(60, TimeUnit.SECONDS)).as("%s of all", expected).isTrue();
      assertThat(misplaced).hasValue(0);
      link.get().close(LinkClose.NORMAL);
    }
  }

  /** Every seventh is long enough to fill the socket now and then. */
  private static TxPiece numbered(int number) {
    byte[] bytes = new byte[number % 7 == 0 ? 9000 : 100];
    ByteBuffer.wrap(bytes).putInt(number);
    return whole(Payload.wrap(bytes));
  }

  @Test
  void answersPingsAndRecognisesPongs() {
    try (WsPeer peer = WsPeer.silent()) {
      Link link = open(peer);
      peer.connection().sendFrame(new PingFrame());
      peer.expectPong();
      link.ping();
      observer.expect(Event.ALIVE);
      observer.expectNothingWaiting();
    }
  }

  @Test
  void endsWhenThePeerSaysGoodbye() {
    try (WsPeer peer = WsPeer.silent()) {
      open(peer);
      peer.connection().close(1001, "restart");
      LinkSignal.Closed closed = observer.next(LinkSignal.Closed.class);
      assertThat(closed.cause().kind()).isEqualTo(FailureKind.CLOSED);
      assertThat(closed.cause()).hasMessageContaining("1001, restart");
      assertThat(peer.closeCode()).isEqualTo(1001);
    }
  }

  @Test
  void saysGoodbye() {
    try (WsPeer peer = WsPeer.silent()) {
      Link link = open(peer);
      link.close(LinkClose.GOING_AWAY);
      assertThat(peer.closeCode()).isEqualTo(1001);
      observer.expectNothingWaiting();
    }
  }

  @Test
  void agreesOnASubprotocol() {
    try (WsPeer peer = WsPeer.speaking("mine")) {
      Link link = client.transports().link(ws(target(peer.port()), Optional.of("mine")), observer);
      link.start();
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(peer.header("sec-websocket-protocol")).isEqualTo("mine");
      assertThat(peer.header("x-test")).isEqualTo("1");
      assertThat(peer.header("host")).isEqualTo("127.0.0.1:" + peer.port());
    }
  }
}
