package io.securestreams.reactor.transport.http.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Failed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Up;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Server;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our client and our listener over HTTP/3. */
@ExtendWith(LeakCheck.class)
class ServerH3OwnClientIT {

  /** The state that stands for status 413. */
  private static final int TOO_LARGE = 1413;

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");
  private static final ServerPlan PLAN =
      ServerFixture.plan(
          Protocol.H3,
          WsSettings.NONE,
          Optional.of(ServerFixture.identity(ROOT.issue("localhost"))));

  private ServerFixture server = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Link start(String method, BodyPlan body, Acceptor by) {
    return start(PLAN, method, body, by);
  }

  private Link start(ServerPlan served, String method, BodyPlan body, Acceptor by) {
    return start(served, method, body, by, Long.MAX_VALUE);
  }

  private Link start(ServerPlan served, String method, BodyPlan body, Acceptor by, long credit) {
    Target target =
        new Target(
            "localhost",
            server.bind(served, by),
            Optional.of(H2Server.trusting(ROOT.certificate())));
    HttpPlan plan =
        new HttpPlan(
            "test",
            target,
            HttpWire.H3,
            method,
            "/",
            List.of(),
            body,
            new ResponseRules(0, Map.of(413, TOO_LARGE), Map.of()),
            Set.of());
    Link link = client.transports().link(plan, observer);
    link.request(credit);
    link.start();
    return link;
  }

  @Test
  void understandEachOther() {
    start("GET", BodyPlan.NONE, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "hello");

    observer.next(Up.class);
    assertThat(observer.next(Frame.class).payload().utf8()).isEqualTo("hello");
    assertThat(observer.next(Frame.class).flags().eom()).isTrue();
    assertThat(observer.next()).isEqualTo(Event.ACKED);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(LinkClose.class)
  void anApplicationMayGiveARequestUp(LinkClose how) {
    start("GET", BodyPlan.NONE, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    link.link().close(how);

    assertThat(observer.next(Failed.class).cause()).hasMessageContaining("reset");
    assertThat(link.rest()).isEmpty();
  }

  @Test
  void aClientThatGivesItsBodyUpEndsTheTransaction() {
    Link giving = start("POST", BodyPlan.CHUNKED, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    giving.close(LinkClose.ABORT);

    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  @Test
  void aClientWithoutTheCertificateThatIsAskedForIsNotServed() {
    ServerPlan.Identity plain = PLAN.identity().orElseThrow();
    ServerPlan asking =
        ServerFixture.plan(
            Protocol.H3,
            WsSettings.NONE,
            Optional.of(
                new ServerPlan.Identity(
                    plain.certificate(),
                    plain.key(),
                    H2Server.trusting(ROOT.certificate()).trustStore())));

    start(asking, "GET", BodyPlan.NONE, acceptor);

    observer.next(Failed.class);
    assertThat(acceptor.isEmpty()).isTrue();
  }

  @Test
  void aRequestThatNobodyAnswersIsGivenUp() {
    server.close();
    TransportSettings usual = TransportSettings.DEFAULTS;
    server =
        new ServerFixture(
            new TransportSettings(
                usual.connect(),
                Duration.ofMillis(500),
                usual.inactivity(),
                usual.poolIdle(),
                usual.headerBytes(),
                usual.frameBytes(),
                usual.messageBytes()));
    start("GET", BodyPlan.NONE, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    observer.next(Failed.class);
  }

  private void limited(Duration response, ServerLimits limits) {
    server.close();
    TransportSettings usual = TransportSettings.DEFAULTS;
    server =
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
  }

  @Test
  void aBodyThatBecomesTooLongIsRefused() {
    limited(TransportSettings.DEFAULTS.response(), ServerLimits.DEFAULTS.withBodyBytes(10));
    Link sending = start("POST", BodyPlan.CHUNKED, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    sending.send(new TxPiece(Payload.utf8("sixsixsixsix"), MessageFlags.SOM));

    assertThat(link.next(Closed.class).cause())
        .hasMessageContaining("Request has a body longer than bodyBytes = 10")
        .extracting(LinkException::kind)
        .isEqualTo(FailureKind.LIMIT);
    observer.expect(Event.TX_READY);
    assertThat(((Up) observer.nextUnlessWritten()).userState()).isEqualTo(TOO_LARGE);
    observer.expect(Event.NACKED);
  }

  @Test
  void aBodyThatIsTooSlowIsGivenUp() {
    limited(Duration.ofMillis(500), ServerLimits.DEFAULTS.withBodyRate(1_000_000));
    Link sending = start("POST", BodyPlan.CHUNKED, acceptor);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    sending.send(new TxPiece(Payload.utf8("some"), MessageFlags.SOM));

    link.next(Frame.class);
    assertThat(link.next(Closed.class).cause())
        .hasMessageContaining("Body came slower than bodyRate = 1000000 of serverLimits(...)");
  }

  @Test
  void aClientThatDoesNotReadIsGivenUp() {
    // The time to answer is shorter, but the application has done its part.
    limited(Duration.ofMillis(100), ServerLimits.DEFAULTS.withStall(Duration.ofMillis(300)));
    start(PLAN, "GET", BodyPlan.NONE, acceptor, 0);
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
    byte[] much = new byte[1024 * 1024];
    link.link().send(new TxPiece(Payload.of(much), MessageFlags.SOM));

    assertThat(link.next(Closed.class).cause())
        .hasMessageContaining(
            "Client takes nothing on its stream for longer than stall = 300 ms of serverLimits(...)")
        .extracting(LinkException::kind)
        .isEqualTo(FailureKind.TIMEOUT);
  }
}
