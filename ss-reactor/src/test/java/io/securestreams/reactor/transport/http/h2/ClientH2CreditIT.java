package io.securestreams.reactor.transport.http.h2;

import static io.securestreams.reactor.testing.ClientFixture.RULES;
import static io.securestreams.reactor.testing.ClientFixture.multiplexed;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.ApplicationProtocolNames;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.Trait;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.H2Peer.Frame;
import io.securestreams.reactor.testing.H2Server;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;

/** Windows, pings, ages and the choice of the version. */
@ExtendWith(LeakCheck.class)
class ClientH2CreditIT {

  private final TestLinkObserver observer = new TestLinkObserver();
  private final BlockingQueue<Frame> seen = new LinkedBlockingQueue<>();

  private static HttpPlan get(RawPeer peer) {
    return multiplexed(target(peer.port()), "GET", "/", BodyPlan.NONE);
  }

  private Link start(ClientFixture client, HttpPlan plan) {
    Link link = client.transports().link(plan, observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private Frame seen() throws InterruptedException {
    Frame frame = seen.poll(20, TimeUnit.SECONDS);
    assertThat(frame).as("a frame within 20 s").isNotNull();
    return frame;
  }

  /** Reads up to the next credit for a stream. */
  private static Frame credit(H2Peer h2, int stream) throws java.io.IOException {
    while (true) {
      Frame update = h2.next(H2Peer.WINDOW_UPDATE);
      if (update.stream() == stream) {
        return update;
      }
    }
  }

  @Test
  void letsThePeerSendExactlyWhatIsGranted() throws InterruptedException {
    try (ClientFixture client = new ClientFixture();
        RawPeer peer =
            H2Peer.serving(
                h2 -> {
                  seen.add(h2.next(H2Peer.SETTINGS));
                  int stream = h2.next(H2Peer.HEADERS).stream();
                  seen.add(credit(h2, stream));
                  h2.head(stream, false, 200);
                  h2.data(stream, false, "abc");
                  seen.add(credit(h2, stream));
                  seen.add(credit(h2, stream));
                  h2.data(stream, true, "defg");
                  h2.drain();
                })) {
      Link link = client.transports().link(get(peer), observer);
      link.manualTxCredit(3);
      link.request(Long.MAX_VALUE);
      link.start();
      assertThat(seen().payload()).as("an initial window of 0").containsSequence(0, 4, 0, 0, 0, 0);
      assertThat(seen().number()).isEqualTo(3);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      assertThat(link.estimatedPeerTxCredit()).isZero();
      link.addPeerTxCredit(1);
      link.addPeerTxCredit(-5);
      link.addPeerTxCredit(2);
      assertThat(seen().number()).isEqualTo(1);
      assertThat(seen().number()).isEqualTo(2);
      // One byte more than granted is taken all the same.
      observer.expect(new LinkSignal.Frame(Payload.utf8("defg"), MessageFlags.NONE));
      observer.next(LinkSignal.Frame.class);
      observer.expect(Event.ACKED);
      assertThat(link.estimatedPeerTxCredit()).isEqualTo(-1);
    }
  }

  @Test
  void opensTheWindowOnlyForWhatWasTaken() throws InterruptedException {
    String piece = "x".repeat(16_000);
    int pieces = 16;
    try (ClientFixture client = new ClientFixture();
        RawPeer peer =
            H2Peer.serving(
                h2 -> {
                  int stream = h2.next(H2Peer.HEADERS).stream();
                  h2.head(stream, false, 200);
                  for (int i = 0; i < pieces; i++) {
                    h2.data(stream, false, piece);
                  }
                  h2.write(H2Peer.PING, 0, 0, new byte[8]);
                  Frame next = h2.next();
                  while (next.type() != H2Peer.PING) {
                    if (next.type() == H2Peer.WINDOW_UPDATE && next.stream() == stream) {
                      seen.add(next);
                    }
                    next = h2.next();
                  }
                  seen.add(next);
                  seen.add(credit(h2, stream));
                  h2.data(stream, true, "");
                  h2.drain();
                })) {
      Link link = client.transports().link(get(peer), observer);
      link.start();
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(seen().type()).as("nothing was taken").isEqualTo(H2Peer.PING);
      link.request(Long.MAX_VALUE);
      assertThat(seen().number()).isGreaterThan(H2Codec.CLIENT_WINDOW / 4);
      assertThat(observer.message()).hasSize(pieces * piece.length());
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void pingsAndTellsTheAnswer() throws InterruptedException {
    try (ClientFixture client = new ClientFixture();
        RawPeer peer =
            H2Peer.serving(
                h2 -> {
                  int stream = h2.next(H2Peer.HEADERS).stream();
                  h2.head(stream, false, 200);
                  Frame ping = h2.next(H2Peer.PING);
                  h2.write(H2Peer.PING, H2Peer.ACK, 0, ping.payload());
                  h2.data(stream, true, "");
                  h2.drain();
                })) {
      Link link = start(client, get(peer));
      observer.expect(LinkSignal.Up.PLAIN);
      link.ping();
      observer.expect(Event.ALIVE);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void forgivesCreditThatOverflowsWherePolicySaysSo() {
    try (ClientFixture client = new ClientFixture();
        RawPeer peer =
            H2Peer.serving(
                h2 -> {
                  int stream = h2.next(H2Peer.HEADERS).stream();
                  h2.windowUpdate(0, Integer.MAX_VALUE);
                  h2.windowUpdate(stream, Integer.MAX_VALUE);
                  h2.head(stream, true, 204);
                  h2.drain();
                })) {
      start(
          client,
          new HttpPlan(
              "test",
              target(peer.port()),
              HttpWire.H2_PRIOR_KNOWLEDGE,
              "GET",
              "/",
              List.of(),
              BodyPlan.NONE,
              RULES,
              Set.of(Trait.OVERFLOW_CREDIT)));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void takesAnotherConnectionOnceOneIsOld() {
    TransportSettings settings = TransportSettings.DEFAULTS.withConnectionAge(Duration.ofNanos(1));
    try (ClientFixture client = new ClientFixture(settings);
        H2Server server = H2Server.Kind.H2C.serving((request, response) -> response.send())) {
      for (int i = 0; i < 3; i++) {
        start(client, server.plan("GET", "/", BodyPlan.NONE));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(server.connections()).isEqualTo(3);
    }
  }

  @Test
  void speaksHttp1ToAPeerThatKnowsNoMore() {
    try (ClientFixture client = new ClientFixture();
        H2Server server =
            H2Server.Kind.H2.serving(
                http ->
                    http.protocol(HttpProtocol.HTTP11)
                        .secure(
                            spec ->
                                spec.sslContext(
                                    H2Server.context(ApplicationProtocolNames.HTTP_1_1))),
                (request, response) ->
                    response.sendString(Mono.just(request.version().toString())))) {
      for (int i = 0; i < 3; i++) {
        start(client, server.plan("GET", "/", BodyPlan.NONE));
        observer.expect(LinkSignal.Up.PLAIN);
        assertThat(observer.message()).asString().isEqualTo("HTTP/1.1");
        observer.expect(Event.ACKED);
      }
      assertThat(server.connections()).as("kept, as h1 connections are").isEqualTo(1);
    }
  }
}
