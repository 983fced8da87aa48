package io.securestreams.reactor.transport.raw;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Up;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Byte streams that are accepted, over real sockets. */
@ExtendWith(LeakCheck.class)
class ServerRawIT {

  private static final int PIECE = 64 * 1024;

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);

  @AfterEach
  void close() {
    fixture.close();
  }

  private int bind(RecordingAcceptor acceptor) {
    return fixture.bind(ServerFixture.plan(Protocol.RAW, WsSettings.NONE), acceptor);
  }

  @Test
  void carriesBytesBothWaysWithoutFlags() throws Exception {
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    try (RawClient client = RawClient.to(bind(acceptor))) {
      RecordedLink link = acceptor.next();
      assertThat(link.next()).isEqualTo(Up.PLAIN);
      assertThat(link.link().peer()).contains("127.0.0.1:" + client.socket().getLocalPort());

      client.send("hello");
      Frame frame = link.next(Frame.class);
      assertThat(frame.payload().utf8()).isEqualTo("hello");
      assertThat(frame.flags()).isEqualTo(MessageFlags.NONE);
      link.send("world", MessageFlags.SOM_EOM);
      assertThat(client.body(5)).isEqualTo("world");
      link.expectWritten(1);

      client.socket().close();
      Closed closed = link.next(Closed.class);
      assertThat(closed.cause().kind()).isEqualTo(FailureKind.CLOSED);
      assertThat(closed.cause()).hasMessageContaining("Client closed the connection: it, client ");
    }
  }

  @Test
  void whoSaysNothingMoreStillHearsTheAnswer() throws Exception {
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    try (RawClient client = RawClient.to(bind(acceptor))) {
      RecordedLink link = acceptor.next();
      link.next(Up.class);
      // More than the sockets hold, so that it is under way when the client's end comes.
      int pieces = 200;
      for (int i = 0; i < 32; i++) {
        link.link().send(piece());
      }
      client.socket().shutdownOutput();
      Closed closed = null;
      for (int i = 32; i < pieces && closed == null; i++) {
        closed = link.next() instanceof Closed end ? end : null;
      }
      assertThat(closed).isNotNull();

      assertThat(client.rest()).hasSize(32 * PIECE);
    }
  }

  private static TxPiece piece() {
    return new TxPiece(Payload.of(new byte[PIECE]), MessageFlags.NONE);
  }

  @Test
  void readsNoMoreThanThereIsCreditFor() throws Exception {
    RecordingAcceptor acceptor = new RecordingAcceptor(0);
    try (RawClient client = RawClient.to(bind(acceptor))) {
      RecordedLink link = acceptor.next();
      link.next(Up.class);
      client.send("first");
      link.link().request(1);
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("first");
      client.send("second");
      client.socket().close();
      // Without credit even the end is not seen.
      assertThat(link.rest()).isEmpty();

      link.link().request(2);

      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("second");
      link.next(Closed.class);
    }
  }

  @Test
  void saysEverythingBeforeItCloses() {
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    try (RawClient client = RawClient.to(bind(acceptor))) {
      RecordedLink link = acceptor.next();
      link.next(Up.class);
      // The client still sends: closing at once would be a reset.
      client.send("x".repeat(PIECE));
      for (int i = 0; i < 32; i++) {
        link.link().send(piece());
      }
      link.link().close(LinkClose.NORMAL);
      client.send("x".repeat(PIECE));

      assertThat(client.rest()).hasSize(32 * PIECE);
    }
  }

  @Test
  void endsAClientThatReadsNothing() {
    try (ServerFixture strict =
        new ServerFixture(
            TransportSettings.DEFAULTS.withServers(
                ServerLimits.DEFAULTS.withStall(Duration.ofMillis(300))))) {
      RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
      int port = strict.bind(ServerFixture.plan(Protocol.RAW, WsSettings.NONE), acceptor);
      try (RawClient client = RawClient.to(port)) {
        RecordedLink link = acceptor.next();
        link.next(Up.class);
        byte[] much = new byte[1024 * 1024];
        for (int i = 0; i < Link.WINDOW; i++) {
          link.link().send(new TxPiece(Payload.of(much), MessageFlags.NONE));
        }
        LinkSignal signal = link.next();
        while (signal instanceof Written) {
          signal = link.next();
        }

        assertThat(((Closed) signal).cause().kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(((Closed) signal).cause())
            .hasMessageContaining("stall = 300 ms of serverLimits(...)");
        assertThat(client.heard()).hasSizeLessThan(32 * 1024 * 1024);
      }
    }
  }

  @Test
  void closesWhatTheAcceptorRefuses() {
    int port =
        fixture.bind(
            ServerFixture.plan(Protocol.RAW, WsSettings.NONE), refused -> Optional.empty());
    try (RawClient client = RawClient.to(port)) {
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void carriesBytesOverTls() throws Exception {
    TestPki.Authority authority = TestPki.Authority.named("root");
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    int port = fixture.bind(securePlan(authority), acceptor);
    try (SSLSocket socket = connect(authority, port)) {
      socket.getOutputStream().write("hello".getBytes(ISO_8859_1));
      RecordedLink link = acceptor.next();
      assertThat(link.next()).isEqualTo(Up.PLAIN);
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("hello");
      link.send("world", MessageFlags.NONE);
      assertThat(new String(socket.getInputStream().readNBytes(5), ISO_8859_1)).isEqualTo("world");
      link.expectWritten(1);

      // A close_notify alone is the end, too.
      socket.shutdownOutput();
      link.next(Closed.class);
    }
  }

  @Test
  void junkInsteadOfAHandshakeIsNoConnection() {
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    int port = fixture.bind(securePlan(TestPki.Authority.named("root")), acceptor);
    try (RawClient client = RawClient.to(port).send("\0\1\2junk".repeat(100))) {
      client.heard();
      assertThat(acceptor.isEmpty()).isTrue();
    }
  }

  private static ServerPlan securePlan(TestPki.Authority authority) {
    return ServerFixture.plan(
        Protocol.RAW,
        WsSettings.NONE,
        Optional.of(ServerFixture.identity(authority.issue("127.0.0.1"))));
  }

  private static SSLSocket connect(TestPki.Authority authority, int port) throws IOException {
    return (SSLSocket)
        authority
            .clientContext()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), port);
  }
}
