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
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/2 looks like on the wire, frame by frame. */
@ExtendWith(LeakCheck.class)
class ServerH2WireIT {

  private static final int INITIAL_WINDOW_SIZE = 4;

  private ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  private Listener listen(RecordingAcceptor by) {
    return fixture.listen(ServerFixture.plan(Protocol.H2, WsSettings.NONE), by);
  }

  private H2Client client() {
    return H2Client.to(ServerFixture.port(listen(acceptor)));
  }

  private RecordedLink asked() {
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    return link;
  }

  @Test
  void aPrefaceMayComeInDrips() {
    try (H2Client client = H2Client.silent(ServerFixture.port(listen(acceptor)))) {
      client.raw().drip(H2Client.PREFACE);
      client.write(H2Peer.SETTINGS, 0, 0).get(1, "/");
      asked().answer(200, "x");
      assertThat(client.status(1)).isEqualTo("200");
      assertThat(client.body(1)).isEqualTo("x");
    }
  }

  @Test
  void aClientThatReadsNothingHoldsUpItsOwnStreamAlone() {
    try (H2Client client =
        H2Client.to(ServerFixture.port(listen(acceptor)), INITIAL_WINDOW_SIZE, 0)) {
      client.get(1, "/slow");
      RecordedLink slow = asked();
      slow.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      for (int i = 0; i < Link.WINDOW; i++) {
        slow.send("0123456789", MessageFlags.of(i == 0, false));
      }
      assertThat(client.status(1)).isEqualTo("200");

      client.get(3, "/quick");
      RecordedLink quick = asked();
      quick.link().answer(new Answer(404, List.of(), BodyPlan.NONE));
      assertThat(client.status(3)).isEqualTo("404");
      assertThat(quick.next()).isEqualTo(Event.ANSWERED);
      assertThat(slow.rest()).isEmpty();

      client.write(H2Peer.WINDOW_UPDATE, 0, 1, H2Peer.number(25));
      slow.expectWritten(2);
      assertThat(client.next(H2Peer.DATA).payload()).isNotEmpty();
      client.write(H2Peer.WINDOW_UPDATE, 0, 1, H2Peer.number(10_000));
      slow.expectWritten(Link.WINDOW - 2);
      slow.send("end", MessageFlags.EOM);
      assertThat(client.body(1)).endsWith("9end");
      assertThat(slow.next()).isEqualTo(Written.ONE);
      assertThat(slow.next()).isEqualTo(Event.ANSWERED);
    }
  }

  @Test
  void aClientMaySendNoMoreThanWasHandedOut() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (H2Client client = H2Client.to(ServerFixture.port(listen(frugal)))) {
      client.post(1, "/");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);
      String piece = "x".repeat(13_107);
      for (int i = 0; i < 5; i++) {
        client.data(1, false, piece);
      }
      client.write(H2Peer.PING, 0, 0, new byte[8]);
      int opened = 0;
      H2Peer.Frame frame = client.next();
      while (frame.type() != H2Peer.PING) {
        opened += frame.type() == H2Peer.WINDOW_UPDATE && frame.stream() == 1 ? 1 : 0;
        frame = client.next();
      }
      assertThat(opened).as("credit for what nobody took").isZero();

      // One credit takes the first frame, another all that waited.
      link.link().request(2);
      assertThat(link.next(Frame.class).payload().size()).isGreaterThanOrEqualTo(13_107);
      frame = client.next(H2Peer.WINDOW_UPDATE);
      while (frame.stream() != 1) {
        frame = client.next(H2Peer.WINDOW_UPDATE);
      }
      client.data(1, true, "end");
      int size = link.next(Frame.class).payload().size();
      assertThat(size).isLessThanOrEqualTo(65_538);
    }
  }

  @Test
  void aClientThatOvershootsItsWindowLosesTheStream() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (H2Client client = H2Client.to(ServerFixture.port(listen(frugal)))) {
      client.post(1, "/");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);
      for (int i = 0; i < 6; i++) {
        client.data(1, false, "x".repeat(13_107));
      }
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.FLOW_CONTROL_ERROR.code());
      assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.PROTOCOL);
    }
  }

  @Test
  void aStreamThatTheClientGivesUpEndsAlone() {
    try (H2Client client = client()) {
      client.get(1, "/").get(3, "/");
      RecordedLink one = asked();
      RecordedLink other = asked();
      client.write(H2Peer.RST_STREAM, 0, 1, H2Peer.number((int) Http2Error.CANCEL.code()));
      assertThat(one.next(Closed.class).cause())
          .hasMessageContaining("CANCEL")
          .extracting("kind")
          .isEqualTo(FailureKind.CLOSED);
      one.answer(200, "too late");
      other.answer(200, "in time");
      assertThat(client.status(3)).isEqualTo("200");
      assertThat(client.body(3)).isEqualTo("in time");
    }
  }

  @Test
  void aClientThatIsGoneEndsAllItsStreams() {
    H2Client client = client();
    client.get(1, "/").post(3, "/");
    RecordedLink one = asked();
    RecordedLink other = asked();
    client.raw().reset();
    assertThat(one.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
    assertThat(other.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  @Test
  void whatTheAcceptorRefusesWasNotLookedAt() {
    int port =
        fixture.bind(ServerFixture.plan(Protocol.H2, WsSettings.NONE), refused -> Optional.empty());
    try (H2Client client = H2Client.to(port)) {
      client.get(1, "/");
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.REFUSED_STREAM.code());
    }
  }

  @Test
  void moreStreamsThanAnnouncedAreRefused() {
    try (H2Client client = client()) {
      for (int i = 0; i <= H2Codec.SERVER_STREAMS; i++) {
        client.get(2 * i + 1, "/");
      }
      assertThat(client.reset(2 * H2Codec.SERVER_STREAMS + 1))
          .isEqualTo((int) Http2Error.REFUSED_STREAM.code());
    }
  }

  @Test
  void anAnswerBeforeTheEndOfTheRequestEndsTheStreamInGoodOrder() {
    try (H2Client client = client()) {
      client.post(1, "/").data(1, false, "some");
      RecordedLink link = asked();
      link.next(Frame.class);
      link.answer(413, "enough");
      assertThat(client.status(1)).isEqualTo("413");
      assertThat(client.body(1)).isEqualTo("enough");
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
    }
  }

  @ParameterizedTest(name = "{0} bytes instead of 5")
  @ValueSource(ints = {4, 6})
  void anAnswerThatIsNotAsLongAsAnnouncedIsGivenUp(int bytes) {
    try (H2Client client = client()) {
      client.get(1, "/");
      RecordedLink link = asked();
      link.link().answer(new Answer(200, List.of(), BodyPlan.ofLength(5)));
      link.link().send(new TxPiece(Payload.utf8("x".repeat(bytes)), MessageFlags.SOM_EOM));
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.INTERNAL_ERROR.code());
      assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.PLAN);
    }
  }

  @Test
  void aRequestThatNobodyAnswersIsGivenUp() {
    fixture.close();
    TransportSettings usual = TransportSettings.DEFAULTS;
    fixture =
        new ServerFixture(
            new TransportSettings(
                    usual.connect(),
                    Duration.ofMillis(300),
                    usual.inactivity(),
                    usual.poolIdle(),
                    usual.headerBytes(),
                    usual.frameBytes(),
                    usual.messageBytes())
                .withServers(usual.servers().withHead(Duration.ofMillis(300))));
    try (H2Client client = client()) {
      client.get(1, "/");
      RecordedLink link = asked();
      assertThat(client.reset(1)).isEqualTo((int) Http2Error.CANCEL.code());
      assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    }
    try (H2Client mute = H2Client.silent(ServerFixture.port(listen(acceptor)))) {
      mute.raw().send(H2Client.PREFACE);
      mute.next(H2Peer.SETTINGS);
      assertThat(mute.raw().heard()).as("no settings, no connection").doesNotContain("HTTP");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(LinkClose.class)
  void anApplicationMayGiveARequestUp(LinkClose how) {
    try (H2Client client = client()) {
      client.get(1, "/").get(3, "/");
      RecordedLink one = asked();
      one.link().close(how);
      boolean ours = how == LinkClose.ABORT || how == LinkClose.FAULT;
      Http2Error told = ours ? Http2Error.INTERNAL_ERROR : Http2Error.CANCEL;
      assertThat(client.reset(1)).isEqualTo((int) told.code());
      asked().answer(200, "x");
      assertThat(client.status(3)).isEqualTo("200");
      assertThat(one.rest()).isEmpty();
    }
  }

  @Test
  void closedWithAnAnswerUnderWayTheClientStillGetsAllOfIt() {
    try (H2Client client =
        H2Client.to(ServerFixture.port(listen(acceptor)), INITIAL_WINDOW_SIZE, 0)) {
      client.get(1, "/");
      RecordedLink link = asked();
      link.answer(200, "all of it");
      link.link().close(LinkClose.NORMAL);
      assertThat(client.status(1)).isEqualTo("200");
      client.write(H2Peer.WINDOW_UPDATE, 0, 1, H2Peer.number(100));
      assertThat(client.body(1)).isEqualTo("all of it");
    }
  }

  @ParameterizedTest(name = "renewed: {0}")
  @ValueSource(booleans = {false, true})
  void aListenerThatClosesOrChangesSaysGoodbyeAndServesWhatWasAsked(boolean renewed) {
    Listener listener = listen(acceptor);
    RecordingAcceptor later = new RecordingAcceptor(Long.MAX_VALUE);
    try (H2Client client = H2Client.to(ServerFixture.port(listener))) {
      client.get(1, "/");
      RecordedLink first = asked();
      if (renewed) {
        listener
            .renew(ServerFixture.plan(Protocol.H2, WsSettings.NONE), later)
            .block(ServerFixture.SOON)
            .run();
      } else {
        listener.close().block(ServerFixture.SOON);
      }
      H2Peer.Frame warning = client.next(H2Peer.GOAWAY);
      assertThat(warning.number()).isEqualTo(Integer.MAX_VALUE);
      H2Peer.Frame ping = client.next(H2Peer.PING);
      // Under way when the warning came.
      client.get(3, "/");
      RecordedLink second = asked();
      client.write(H2Peer.PING, H2Peer.ACK, 0, ping.payload());
      assertThat(client.next(H2Peer.GOAWAY).number()).isEqualTo(3);
      second.answer(200, "second");
      assertThat(client.status(3)).isEqualTo("200");
      assertThat(client.body(3)).isEqualTo("second");
      first.answer(200, "first");
      assertThat(client.status(1)).isEqualTo("200");
      assertThat(client.body(1)).isEqualTo("first");
      assertThat(client.raw().read()).as("the end").isEqualTo(-1);
      assertThat(later.isEmpty()).isTrue();
    }
  }
}
