package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
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
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listener bears from its clients, one limit after the other; each is named. */
@ExtendWith(LeakCheck.class)
class ServerLimitsIT {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\n";

  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);

  @AfterEach
  void close() {
    fixture.close();
  }

  private RawClient connect(ServerLimits limits) {
    return connect(
        TransportSettings.DEFAULTS.withServers(limits),
        ServerFixture.plan(Protocol.H1, WsSettings.NONE));
  }

  private RawClient connect(TransportSettings settings, ServerPlan plan) {
    fixture.close();
    fixture = new ServerFixture(settings);
    return RawClient.to(fixture.bind(plan, acceptor));
  }

  private static TransportSettings responseWithin(Duration limit, ServerLimits limits) {
    TransportSettings usual = TransportSettings.DEFAULTS;
    return new TransportSettings(
            usual.connect(),
            limit,
            usual.inactivity(),
            usual.poolIdle(),
            usual.headerBytes(),
            usual.frameBytes(),
            usual.messageBytes())
        .withServers(limits);
  }

  private static void assertClosed(RecordedLink link, FailureKind kind, String says) {
    LinkSignal signal = link.next();
    while (!(signal instanceof Closed)) {
      signal = link.next();
    }
    assertThat(((Closed) signal).cause()).hasMessageContaining(says);
    assertThat(((Closed) signal).cause().kind()).isEqualTo(kind);
  }

  @Test
  void endsAConnectionThatAsksForNothing() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withIdle(SHORT))) {
      RecordedLink link = acceptor.next();

      assertThat(client.rest()).isEmpty();
      assertClosed(link, FailureKind.TIMEOUT, "No request came within idle = 300 ms");
    }
  }

  @Test
  void endsAKeptConnectionThatAsksForNothingMore() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withIdle(SHORT)).send(GET)) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "x");

      assertThat(client.rest()).endsWith("\r\n\r\nx");
      assertClosed(link, FailureKind.TIMEOUT, "idle = 300 ms of serverLimits(...)");
    }
  }

  @Test
  void endsAHeadThatOnlyDrips() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withHead(SHORT))) {
      RecordedLink link = acceptor.next();
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
      // Each drip comes in time; the head does not.
      boolean refused = false;
      while (!refused) {
        refused = !drips(client);
      }
      assertClosed(link, FailureKind.TIMEOUT, "head = 300 ms of serverLimits(...)");
    }
  }

  private static boolean drips(RawClient client) {
    try {
      client.send("x");
      client.socket().setSoTimeout(20);
      return client.socket().getInputStream().read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException stillOpen) {
      return true;
    } catch (IOException | UncheckedIOException closed) {
      return false;
    }
  }

  @Test
  void endsAHandshakeThatDoesNotBegin() {
    ServerPlan plan =
        ServerFixture.plan(
            Protocol.H1,
            WsSettings.NONE,
            Optional.of(
                ServerFixture.identity(TestPki.Authority.named("root").issue("127.0.0.1"))));
    try (RawClient client =
        connect(
            TransportSettings.DEFAULTS.withServers(ServerLimits.DEFAULTS.withHead(SHORT)), plan)) {
      client.heard();

      assertThat(acceptor.isEmpty()).isTrue();
    }
  }

  @Test
  void refusesABodyThatIsAnnouncedTooLong() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withBodyBytes(10))) {
      client.send(POST + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n");
      RecordedLink link = acceptor.next();

      assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
      assertClosed(link, FailureKind.LIMIT, "body longer than bodyBytes = 10 of serverLimits(...)");
    }
  }

  @Test
  void refusesABodyThatBecomesTooLong() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withBodyBytes(10))) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n6\r\nsixsix\r\n");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      assertThat(link.next(Frame.class).payload()).isEqualTo(Payload.utf8("sixsix"));
      client.send("6\r\nsixsix\r\n");

      assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
      assertClosed(link, FailureKind.LIMIT, "bodyBytes = 10");
    }
  }

  @Test
  void takesABodyOfTheMostBytes() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withBodyBytes(6))) {
      client.send(POST + "Content-Length: 6\r\n\r\nsixsix");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      assertThat(link.next(Frame.class).payload()).isEqualTo(Payload.utf8("sixsix"));
      assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.EOM);
    }
  }

  @Test
  void endsABodyThatIsTooSlow() {
    TransportSettings settings =
        responseWithin(SHORT, ServerLimits.DEFAULTS.withBodyRate(1_000_000));
    try (RawClient client = connect(settings, ServerFixture.plan(Protocol.H1, WsSettings.NONE))) {
      client.send(POST + "Content-Length: 1000\r\n\r\nsome");
      RecordedLink link = acceptor.next();

      assertThat(client.rest()).isEmpty();
      assertClosed(
          link,
          FailureKind.TIMEOUT,
          "Body came slower than bodyRate = 1000000 of serverLimits(...)");
    }
  }

  @Test
  void theLastRequestSaysSo() {
    try (RawClient client = connect(ServerLimits.DEFAULTS.withRequests(2)).send(GET)) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "1");
      assertThat(client.head()).doesNotContain("connection:");
      assertThat(client.body(1)).isEqualTo("1");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);

      client.send(GET);
      link.next(Transaction.class);
      link.answer(200, "2");
      assertThat(client.head()).contains("connection: close\r\n");
      assertThat(client.rest()).isEqualTo("2");
      assertClosed(link, FailureKind.CLOSED, "the last request");
    }
  }

  @Test
  void endsAClientThatReadsNothing() {
    // The time to answer is shorter, but the application has done its part.
    TransportSettings settings =
        responseWithin(SHORT.dividedBy(3), ServerLimits.DEFAULTS.withStall(SHORT));
    try (RawClient client =
        connect(settings, ServerFixture.plan(Protocol.H1, WsSettings.NONE)).send(GET)) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      // All that may be under way, and more than the sockets hold.
      byte[] much = new byte[1024 * 1024];
      for (int i = 0; i < Link.WINDOW; i++) {
        link.link().send(new TxPiece(Payload.of(much), MessageFlags.NONE));
      }

      assertClosed(link, FailureKind.TIMEOUT, "stall = 300 ms of serverLimits(...)");
      assertThat(client.heard()).startsWith("HTTP/1.1 200 ").hasSizeLessThan(32 * 1024 * 1024);
    }
  }
}
