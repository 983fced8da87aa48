package io.securestreams.reactor.transport.raw;

import static io.securestreams.reactor.testing.ClientFixture.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.RawPeer.Script;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki.Authority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Byte streams of clients against plain sockets. */
@ExtendWith(LeakCheck.class)
class RawClientIT {

  private static final Authority ROOT = Authority.named("root");
  private static final int PIECE = 100_000;
  private static final int PIECES = 160;

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  /** Whether the bytes are encrypted. */
  enum Cover {
    PLAIN,
    TLS;

    RawPeer peer(Script script) {
      return this == PLAIN
          ? new RawPeer(script)
          : new RawPeer(ROOT.issue("localhost").serverContext().getServerSocketFactory(), script);
    }

    Target of(RawPeer peer) throws IOException {
      return this == PLAIN ? target(peer.port()) : target(peer.port(), trusting());
    }

    private static TlsPlan trusting() throws IOException {
      try {
        byte[] root = ROOT.certificate().getEncoded();
        return new TlsPlan(
            Optional.of(new TrustStore("test", List.of(new CertificateEntry("root", root)))));
      } catch (java.security.cert.CertificateEncodingException e) {
        throw new IOException(e);
      }
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Link link(Target target) {
    return client.transports().link(new RawPlan("test", target, Set.of()), observer);
  }

  private Link open(Target target) {
    Link link = link(target);
    link.start();
    observer.expect(LinkSignal.Up.PLAIN);
    return link;
  }

  private static TxPiece piece(String text, MessageFlags flags) {
    return new TxPiece(Payload.utf8(text), flags);
  }

  private String receive(int bytes) {
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      if (observer.nextUnlessWritten() instanceof LinkSignal.Frame frame) {
        assertThat(frame.flags()).isEqualTo(MessageFlags.NONE);
        text.append(frame.payload().utf8());
      }
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void carriesBytesBothWays(Cover cover) throws IOException {
    try (RawPeer peer =
        cover.peer(
            talk -> {
              talk.write("welcome ");
              talk.write(talk.read(6));
              talk.read();
            })) {
      Link link = open(cover.of(peer));
      link.request(Long.MAX_VALUE);
      assertThat(receive(8)).isEqualTo("welcome ");
      link.send(piece("ab", MessageFlags.NONE));
      link.send(piece("", MessageFlags.SOM));
      link.send(piece("cd", MessageFlags.EOM));
      link.send(piece("ef", MessageFlags.SOM_EOM));

      observer.expectWritten(4);
      assertThat(receive(6)).isEqualTo("abcdef");
      assertThat(link.peer()).contains("127.0.0.1:" + peer.port());
      link.ping();
      link.close(LinkClose.NORMAL);
      observer.expectNothingWaiting();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void endsAfterTheLastByteWhenThePeerShutsItsSide(Cover cover) throws IOException {
    Semaphore open = new Semaphore(0);
    try (RawPeer peer =
        cover.peer(
            talk -> {
              talk.write("last words");
              talk.socket().shutdownOutput();
              open.acquireUninterruptibly();
            })) {
      Link link = open(cover.of(peer));
      link.request(Long.MAX_VALUE);

      assertThat(receive(10)).isEqualTo("last words");
      LinkSignal.Closed closed = observer.next(LinkSignal.Closed.class);
      assertThat(closed.cause().kind()).isEqualTo(FailureKind.CLOSED);
      assertThat(closed.cause()).hasMessageContaining(":" + peer.port());
      open.release();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void takesNoMoreThanWasAskedFor(Cover cover) throws IOException {
    CompletableFuture<Long> sum = new CompletableFuture<>();
    try (RawPeer peer = cover.peer(talk -> sum.complete(flood(talk)))) {
      Link link = open(cover.of(peer));
      CRC32 received = new CRC32();
      long bytes = 0;
      while (bytes < (long) PIECE * PIECES) {
        observer.expectNothingWaiting();
        link.request(1);
        Payload payload = observer.next(LinkSignal.Frame.class).payload();
        received.update(payload.bytes());
        bytes += payload.size();
      }

      assertThat(received.getValue()).isEqualTo(sum.join());
      link.request(1);
      observer.next(LinkSignal.Closed.class);
    }
  }

  private static long flood(Conversation talk) throws IOException {
    Random random = new Random(7);
    CRC32 sent = new CRC32();
    byte[] bytes = new byte[PIECE];
    for (int i = 0; i < PIECES; i++) {
      random.nextBytes(bytes);
      sent.update(bytes);
      talk.write(bytes);
    }
    return sent.getValue();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sendsNoFasterThanThePeerReads(Cover cover) throws IOException {
    Semaphore reading = new Semaphore(0);
    CompletableFuture<Long> sum = new CompletableFuture<>();
    try (RawPeer peer =
        cover.peer(
            talk -> {
              talk.write("!");
              reading.acquireUninterruptibly();
              CRC32 received = new CRC32();
              for (int i = 0; i < PIECES; i++) {
                received.update(talk.read(PIECE));
              }
              sum.complete(received.getValue());
            })) {
      Link link = open(cover.of(peer));
      link.request(Long.MAX_VALUE);
      assertThat(receive(1)).isEqualTo("!");
      Random random = new Random(8);
      CRC32 sent = new CRC32();
      int under = 0;
      for (int i = 0; i < PIECES; i++) {
        byte[] bytes = new byte[PIECE];
        random.nextBytes(bytes);
        sent.update(bytes);
        link.send(new TxPiece(Payload.wrap(bytes), MessageFlags.NONE));
        under++;
        if (under == Link.WINDOW) {
          // The window is larger than any socket buffer: it is full before the peer reads.
          reading.release();
          under -= observer.next(LinkSignal.Written.class).pieces();
        }
      }

      observer.expectWritten(under);
      assertThat(sum.join()).isEqualTo(sent.getValue());
      observer.next(LinkSignal.Closed.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sendsEverythingBeforeItCloses(Cover cover) throws IOException {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    try (RawPeer peer =
        cover.peer(
            talk -> {
              talk.write("unread");
              ByteArrayOutputStream all = new ByteArrayOutputStream();
              for (int next = talk.read(); next >= 0; next = talk.read()) {
                all.write(next);
              }
              heard.complete(all.toByteArray());
            })) {
      Link link = open(cover.of(peer));
      link.send(new TxPiece(Payload.wrap(new byte[300_000]), MessageFlags.NONE));
      link.send(piece("end", MessageFlags.NONE));
      link.close(LinkClose.NORMAL);

      assertThat(heard.join()).hasSize(300_003).endsWith("end".getBytes(UTF_8));
    }
  }

  @Test
  void dropsTheConnectionWhenItIsGivenUp() throws IOException {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    try (RawPeer peer = new RawPeer(talk -> ended.complete(talk.read() < 0))) {
      Link link = open(target(peer.port()));
      link.close(LinkClose.ABORT);
      link.close(LinkClose.NORMAL);

      assertThat(ended.join()).isTrue();
      observer.expectNothingWaiting();
    }
  }

  @Test
  void givesUpBeforeThereIsAConnection() throws IOException {
    try (DeadEnds.BlackHole hole = DeadEnds.blackHole()) {
      Link link = link(target(hole.port()));
      link.start();
      link.close(LinkClose.NORMAL);
      link.request(1);
      link.send(piece("never", MessageFlags.NONE));
      link.start();

      assertThat(link.peer()).isEmpty();
      observer.expectNothingWaiting();
    }
  }

  @Test
  void reportsAReset() throws IOException {
    // Not before it is connected: that would be a failed attempt.
    RawPeer.Script reset =
        conversation -> {
          conversation.read(1);
          conversation.reset();
        };
    try (RawPeer peer = new RawPeer(reset)) {
      Link link = link(target(peer.port()));
      link.request(1);
      link.start();
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(piece("x", MessageFlags.NONE));

      assertThat(observer.nextUnlessWritten())
          .isInstanceOfSatisfying(
              LinkSignal.Closed.class,
              closed -> assertThat(closed.cause().kind()).isEqualTo(FailureKind.CLOSED));
    }
  }

  @Test
  void reportsThatNobodyIsThere() throws IOException {
    link(target(DeadEnds.refusing())).start();

    LinkSignal.Failed refused = observer.next(LinkSignal.Failed.class);
    assertThat(refused.cause().kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(refused.delivery()).isEqualTo(Delivery.NOT_SENT);

    try (DeadEnds.BlackHole hole = DeadEnds.blackHole();
        ClientFixture impatient = new ClientFixture(ClientFixture.SHORT)) {
      impatient
          .transports()
          .link(new RawPlan("test", target(hole.port()), Set.of()), observer)
          .start();

      assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
          .isEqualTo(FailureKind.TIMEOUT);
    }
  }

  @Test
  void isUpOnlyBehindTheHandshake() throws IOException {
    try (RawPeer peer = new RawPeer(talk -> talk.write("no TLS at all"))) {
      link(target(peer.port(), Cover.trusting())).start();

      assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
          .isEqualTo(FailureKind.TLS_HANDSHAKE);
    }
  }
}
