package io.securestreams.reactor.transport.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listener bears from its clients over HTTP/2; each limit is named. */
@ExtendWith(LeakCheck.class)
class ServerH2LimitsIT {

  private static final Duration SHORT = Duration.ofMillis(300);

  /** An identifier of SETTINGS. Source: RFC 9113 section 6.5.2. */
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);

  @AfterEach
  void close() {
    fixture.close();
  }

  private H2Client connect(ServerLimits limits) {
    return connect(TransportSettings.DEFAULTS.response(), limits);
  }

  private H2Client connect(Duration response, ServerLimits limits, int... settings) {
    TransportSettings usual = TransportSettings.DEFAULTS;
    fixture.close();
    fixture =
        new ServerFixture(
            new TransportSettings(
                    usual.connect(),
                    response,
                    usual.inactivity(),
                    usual.poolIdle(),
                    usual.headerBytes(),
                    usual.frameBytes(),
                    usual.messageBytes())
                .withServers(limits));
    return H2Client.to(
        fixture.bind(ServerFixture.plan(Protocol.H2, WsSettings.NONE), acceptor), settings);
  }

  private static H2Client post(H2Client client, int stream, String... more) {
    String[] head = {
      ":method",
      "POST",
      ":scheme",
      "http",
      ":authority",
      "localhost",
      ":path",
      "/",
      more[0],
      more[1]
    };
    return client.head(stream, false, head);
  }

  private static void assertClosed(RecordedLink link, FailureKind kind, String says) {
    Closed closed = link.next(Closed.class);
    assertThat(closed.cause()).hasMessageContaining(says);
    assertThat(closed.cause().kind()).isEqualTo(kind);
  }

  @Test
  void leavesAConnectionThatAsksForNothing() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withIdle(SHORT))) {
      assertThat(client.goneAway()).isZero();
      client.write(H2Peer.PING, H2Peer.ACK, 0, new byte[8]);

      assertThat(client.goneAway()).isZero();
      assertThat(client.next()).isNull();
    }
  }

  @Test
  void leavesAConnectionThatAsksForNothingMore() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withIdle(SHORT))) {
      client.get(1, "/");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(client.status(1)).isEqualTo("200");

      assertThat(client.goneAway()).isZero();
    }
  }

  @Test
  void refusesABodyThatIsAnnouncedTooLong() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withBodyBytes(10))) {
      post(client, 1, "content-length", "11");

      assertThat(client.status(1)).isEqualTo("413");
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertClosed(
          acceptor.next(),
          FailureKind.LIMIT,
          "Request has a body longer than bodyBytes = 10 of serverLimits(...)");
      stillServes(client);
    }
  }

  private void stillServes(H2Client client) {
    client.get(3, "/");
    RecordedLink next = acceptor.next();
    next.next(Transaction.class);
    next.answer(200, "x");
    assertThat(client.status(3)).isEqualTo("200");
  }

  @Test
  void refusesABodyThatBecomesTooLong() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withBodyBytes(10))) {
      client.post(1, "/").data(1, false, "sixsix");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      assertThat(link.next(Frame.class).payload()).isEqualTo(Payload.utf8("sixsix"));
      client.data(1, false, "sixsix");

      assertThat(client.status(1)).isEqualTo("413");
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertClosed(link, FailureKind.LIMIT, "bodyBytes = 10");
      stillServes(client);
    }
  }

  @Test
  void givesUpAnAnswerWhoseRequestBecomesTooLong() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withBodyBytes(10))) {
      client.post(1, "/").data(1, false, "sixsix");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.next(Frame.class);
      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      assertThat(client.status(1)).isEqualTo("200");
      client.data(1, false, "sixsix");

      assertThat(client.reset(1)).isEqualTo((int) Http2Error.CANCEL.code());
      assertClosed(link, FailureKind.LIMIT, "bodyBytes = 10");
    }
  }

  @Test
  void takesABodyOfTheMostBytes() {
    try (H2Client client = connect(ServerLimits.DEFAULTS.withBodyBytes(6))) {
      post(client, 1, "content-length", "6").data(1, true, "sixsix");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      assertThat(link.next(Frame.class).payload()).isEqualTo(Payload.utf8("sixsix"));
      assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.EOM);
    }
  }

  @Test
  void endsABodyThatIsTooSlow() {
    try (H2Client client = connect(SHORT, ServerLimits.DEFAULTS.withBodyRate(1_000_000))) {
      client.post(1, "/").data(1, false, "some");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.next(Frame.class);

      assertThat(client.reset(1)).isEqualTo((int) Http2Error.CANCEL.code());
      assertClosed(
          link,
          FailureKind.TIMEOUT,
          "Body came slower than bodyRate = 1000000 of serverLimits(...)");
    }
  }

  @Test
  void aBodyThatComesFastEnoughMayTakeLongerThanAnAnswer() {
    try (H2Client client = connect(SHORT, ServerLimits.DEFAULTS.withBodyRate(1))) {
      long before = System.nanoTime();
      client.post(1, "/");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      while (System.nanoTime() - before < 2 * SHORT.toNanos()) {
        client.data(1, false, "some");
        link.next(Frame.class);
      }
      client.data(1, true, "");

      assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.EOM);
      link.answer(200, "x");
      assertThat(client.status(1)).isEqualTo("200");
    }
  }

  @Test
  void givesUpAnAnswerForWhichNoWindowIsOpened() {
    // The time to answer is shorter, but the application has done its part.
    ServerLimits limits = ServerLimits.DEFAULTS.withStall(SHORT);
    try (H2Client client = connect(SHORT.dividedBy(3), limits, INITIAL_WINDOW_SIZE, 4)) {
      client.get(1, "/");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "much");
      link.expectWritten(1);
      link.next(LinkSignal.Event.class);
      link.next(Closed.class);
      assertThat(client.status(1)).isEqualTo("200");

      client.get(3, "/");
      RecordedLink held = acceptor.next();
      held.next(Transaction.class);
      held.answer(200, "too much");

      assertClosed(
          held,
          FailureKind.TIMEOUT,
          "Client takes nothing on its stream for longer than stall = 300 ms of serverLimits(...)");
      assertThat(client.reset(3)).isEqualTo((int) Http2Error.CANCEL.code());
    }
  }

  @Test
  void endsAConnectionThatReadsNothing() {
    ServerLimits limits = ServerLimits.DEFAULTS.withStall(SHORT);
    try (H2Client client =
        connect(SHORT.dividedBy(3), limits, INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)) {
      client.write(H2Peer.WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(1 << 30).array());
      client.get(1, "/");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      byte[] much = new byte[1024 * 1024];
      for (int i = 0; i < Link.WINDOW; i++) {
        link.link().send(new TxPiece(Payload.of(much), MessageFlags.NONE));
      }

      LinkSignal signal = link.next();
      while (!(signal instanceof Closed)) {
        signal = link.next();
      }
      assertThat(((Closed) signal).cause())
          .hasMessageContaining("stall = 300 ms of serverLimits(...)");
      assertThat(client.raw().heard()).hasSizeLessThan(32 * 1024 * 1024);
    }
  }
}
