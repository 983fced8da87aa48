package io.securestreams.reactor.transport.http.h2;

import static io.securestreams.reactor.testing.ClientFixture.multiplexed;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.H2Peer.Frame;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong over h2, and what is said about it; the peer says every frame by itself. */
@ExtendWith(LeakCheck.class)
class ClientH2FailuresIT {

  private final ClientFixture client = new ClientFixture(ClientFixture.SHORT);
  private final TestLinkObserver observer = new TestLinkObserver();
  private final BlockingQueue<Frame> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    client.close();
  }

  private Link start(RawPeer peer, TestLinkObserver told) {
    return start(peer, "GET", BodyPlan.NONE, told);
  }

  private Link start(RawPeer peer, String method, BodyPlan body, TestLinkObserver told) {
    Link link = client.transports().link(multiplexed(target(peer.port()), method, "/", body), told);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private void expectFailed(TestLinkObserver told, FailureKind kind, Delivery delivery) {
    LinkSignal.Failed failed = told.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).as("%s", failed.cause()).isEqualTo(kind);
    assertThat(failed.delivery()).as("%s", failed.cause()).isEqualTo(delivery);
    told.expectNothingWaiting();
  }

  private void expectClosed(TestLinkObserver told, FailureKind kind) {
    LinkSignal.Closed closed = told.next(LinkSignal.Closed.class);
    assertThat(closed.cause().kind()).as("%s", closed.cause()).isEqualTo(kind);
    told.expectNothingWaiting();
  }

  private Frame seen() throws InterruptedException {
    Frame frame = seen.poll(20, TimeUnit.SECONDS);
    assertThat(frame).as("a frame within 20 s").isNotNull();
    return frame;
  }

  private void record(H2Peer h2, int type) throws IOException {
    seen.add(h2.next(type));
  }

  @Test
  void sendsNoHeadersOfHttp1() throws InterruptedException {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              Frame head = h2.next(H2Peer.HEADERS);
              List<String> lines = new ArrayList<>();
              h2.decoded(head).forEach(line -> lines.add(line.getKey() + "=" + line.getValue()));
              heads.add(String.join("\n", lines) + "\nend=" + head.ends());
              h2.head(head.stream(), true, 204);
              h2.drain();
            })) {
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(heads.take().lines())
          .containsExactlyInAnyOrder(
              ":method=GET",
              ":scheme=http",
              ":path=/",
              ":authority=127.0.0.1:" + peer.port(),
              "x-test=1",
              "end=true");
    }
  }

  @Test
  void skipsInterimHeadsAndToleratesTrailers() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int stream = h2.next(H2Peer.HEADERS).stream();
              h2.head(stream, false, 100);
              h2.head(stream, false, 103, "link", "</s>");
              h2.head(stream, false, 200, "content-length", "3");
              h2.data(stream, false, "abc");
              h2.write(
                  H2Peer.HEADERS,
                  H2Peer.END_HEADERS | H2Peer.END_STREAM,
                  stream,
                  h2.block("x-trailer", "1"));
              h2.drain();
            })) {
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("abc");
      observer.expect(Event.ACKED);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Http2Error.class,
      names = {"REFUSED_STREAM", "CANCEL", "INTERNAL_ERROR", "ENHANCE_YOUR_CALM"})
  void tellsAStreamGivenUpBeforeTheHead(Http2Error error) {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              h2.reset(h2.next(H2Peer.HEADERS).stream(), (int) error.code());
              Frame next = h2.next(H2Peer.HEADERS);
              h2.head(next.stream(), true, 200);
              h2.drain();
            })) {
      start(peer, observer);
      expectFailed(
          observer,
          switch (error) {
            case REFUSED_STREAM, CANCEL -> FailureKind.CLOSED;
            case ENHANCE_YOUR_CALM -> FailureKind.LIMIT;
            default -> FailureKind.PROTOCOL;
          },
          error == Http2Error.REFUSED_STREAM ? Delivery.NOT_SENT : Delivery.UNKNOWN);
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(peer.connections()).as("it is the stream's end alone").isEqualTo(1);
    }
  }

  @Test
  void tellsAStreamGivenUpInsideTheBody() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int stream = h2.next(H2Peer.HEADERS).stream();
              h2.head(stream, false, 200);
              h2.data(stream, false, "abc");
              h2.reset(stream, (int) Http2Error.CANCEL.code());
              h2.drain();
            })) {
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      expectClosed(observer, FailureKind.CLOSED);
    }
  }

  @Test
  void opensAnotherConnectionWhenThePeerGoesAway() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              Frame first = h2.next(H2Peer.HEADERS);
              if (h2.number() == 1) {
                Frame second = h2.next(H2Peer.HEADERS);
                h2.goAway(first.stream(), 0);
                h2.head(first.stream(), false, 200);
                h2.data(first.stream(), true, "abc");
                assertThat(second.stream()).isGreaterThan(first.stream());
              } else {
                h2.head(first.stream(), true, 204);
              }
              h2.drain();
            })) {
      TestLinkObserver second = new TestLinkObserver();
      start(peer, observer);
      start(peer, second);
      expectFailed(second, FailureKind.CLOSED, Delivery.NOT_SENT);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("abc");
      observer.expect(Event.ACKED);
      start(peer, second);
      second.expect(LinkSignal.Up.PLAIN);
      second.expect(Event.ACKED);
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  void tellsEveryStreamThatTheConnectionIsGone() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int answered = h2.next(H2Peer.HEADERS).stream();
              h2.next(H2Peer.HEADERS);
              h2.head(answered, false, 200);
              h2.data(answered, false, "abc");
            })) {
      TestLinkObserver second = new TestLinkObserver();
      start(peer, observer);
      start(peer, second);
      List<TestLinkObserver> both = List.of(observer, second);
      int up = 0;
      for (TestLinkObserver each : both) {
        LinkSignal signal = each.next();
        if (signal.equals(LinkSignal.Up.PLAIN)) {
          up++;
          each.next(LinkSignal.Frame.class);
          expectClosed(each, FailureKind.CLOSED);
        } else {
          assertThat(signal)
              .isInstanceOfSatisfying(
                  LinkSignal.Failed.class,
                  failed -> {
                    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CLOSED);
                    assertThat(failed.delivery()).isEqualTo(Delivery.UNKNOWN);
                  });
        }
      }
      assertThat(up).isEqualTo(1);
    }
  }

  @Test
  void takesAnotherConnectionForAKeptOneThatDied() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              h2.head(h2.next(H2Peer.HEADERS).stream(), true, 204);
              if (h2.number() == 1) {
                h2.next(H2Peer.HEADERS);
              } else {
                h2.drain();
              }
            })) {
      for (int i = 0; i < 2; i++) {
        start(peer, observer);
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  void givesUpItsStreamAlone() throws InterruptedException {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int stream = h2.next(H2Peer.HEADERS).stream();
              h2.head(stream, false, 200);
              h2.data(stream, false, "abc");
              record(h2, H2Peer.RST_STREAM);
              h2.head(h2.next(H2Peer.HEADERS).stream(), true, 204);
              h2.drain();
            })) {
      Link link = start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.next(LinkSignal.Frame.class);
      link.close(LinkClose.NORMAL);
      assertThat(seen().number()).isEqualTo((int) Http2Error.CANCEL.code());
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void stopsSendingWhenTheAnswerComesEarly() throws InterruptedException {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int stream = h2.next(H2Peer.HEADERS).stream();
              h2.head(stream, false, 413);
              h2.data(stream, true, "no");
              record(h2, H2Peer.RST_STREAM);
              h2.drain();
            })) {
      Link link = start(peer, "POST", BodyPlan.CHUNKED, observer);
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("a"), MessageFlags.SOM));
      observer.expectWritten(1);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("no");
      observer.expect(Event.NACKED);
      assertThat(seen().number()).isEqualTo((int) Http2Error.CANCEL.code());
    }
  }

  @Test
  void sendsOnlyWhatThePeerHasRoomFor() throws InterruptedException {
    try (RawPeer peer =
        H2Peer.serving(
            new Http2Settings().initialWindowSize(4),
            h2 -> {
              h2.head(h2.next(H2Peer.HEADERS).stream(), true, 204);
              int stream = h2.next(H2Peer.HEADERS).stream();
              record(h2, H2Peer.DATA);
              h2.windowUpdate(stream, 100);
              record(h2, H2Peer.DATA);
              h2.head(stream, true, 204);
              h2.drain();
            })) {
      // The first one knows no settings yet.
      start(peer, observer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      Link link = start(peer, "POST", BodyPlan.CHUNKED, observer);
      observer.expect(Event.TX_READY);
      link.send(new TxPiece(Payload.utf8("abcdefgh"), MessageFlags.of(true, true)));
      assertThat(seen().payload()).asString().isEqualTo("abcd");
      Frame rest = seen();
      assertThat(rest.payload()).asString().isEqualTo("efgh");
      assertThat(rest.ends()).isTrue();
    }
  }

  @Test
  void waitsForAnAnswerOnlySoLong() {
    try (RawPeer peer = H2Peer.serving(H2Peer::drain)) {
      start(peer, observer);
      expectFailed(observer, FailureKind.TIMEOUT, Delivery.UNKNOWN);
    }
  }

  @Test
  void waitsForSettingsOnlySoLong() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      TestLinkObserver second = new TestLinkObserver();
      start(peer, observer);
      start(peer, second);
      assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
          .isIn(FailureKind.TIMEOUT, FailureKind.PROTOCOL);
      assertThat(second.next(LinkSignal.Failed.class).delivery()).isEqualTo(Delivery.NOT_SENT);
    }
  }

  @Test
  void refusesAPeerThatTakesNoStreams() {
    try (RawPeer peer =
        H2Peer.serving(
            new Http2Settings().maxConcurrentStreams(0),
            h2 -> {
              h2.reset(h2.next(H2Peer.HEADERS).stream(), (int) Http2Error.REFUSED_STREAM.code());
              h2.drain();
            })) {
      TestLinkObserver second = new TestLinkObserver();
      start(peer, observer);
      start(peer, second);
      expectFailed(observer, FailureKind.CLOSED, Delivery.NOT_SENT);
      LinkSignal.Failed failed = second.next(LinkSignal.Failed.class);
      assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
      assertThat(failed.cause().kind()).isIn(FailureKind.LIMIT, FailureKind.CLOSED);
    }
  }

  @Test
  void namesTheProtocolThatThePeerDemands() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              int stream = h2.next(H2Peer.HEADERS).stream();
              h2.reset(stream, (int) Http2Error.HTTP_1_1_REQUIRED.code());
              h2.drain();
            })) {
      start(peer, observer);
      LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
      assertThat(failed.cause())
          .hasMessageEndingWith(" demands http/1.1 for this request; set \"protocol\": \"h1\"");
      assertThat(failed.cause().kind()).isEqualTo(FailureKind.PROTOCOL);
    }
  }
}
