package io.securestreams.reactor.transport.http.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.quic.QuicStreamChannel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H3Puppet;
import io.securestreams.reactor.testing.H3Puppet.Manner;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that allow few streams, or no more of them. Source: RFC 9000 section 4.6. */
@ExtendWith(LeakCheck.class)
class ClientH3StreamLimitsIT {

  private ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  private void impatient() {
    client.close();
    client = new ClientFixture(ClientFixture.SHORT);
  }

  private TestLinkObserver get(H3Puppet peer) {
    return start(peer, "GET", BodyPlan.NONE);
  }

  /** A request whose end does not come. */
  private TestLinkObserver post(H3Puppet peer) {
    return start(peer, "POST", BodyPlan.CHUNKED);
  }

  private TestLinkObserver start(H3Puppet peer, String method, BodyPlan body) {
    TestLinkObserver observer = new TestLinkObserver();
    Link link = client.transports().link(peer.plan(method, body), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return observer;
  }

  private static void expectAnswer(TestLinkObserver observer) {
    observer.next(LinkSignal.Up.class);
    assertThat(observer.message()).asString().isEqualTo("too much");
    observer.expect(Event.NACKED);
  }

  private void exhaust(H3Puppet peer, int streams) {
    for (int i = 0; i < streams; i++) {
      TestLinkObserver observer = post(peer);
      observer.expect(Event.TX_READY);
      expectAnswer(observer);
    }
    assertThat(peer.connections()).isEqualTo(1);
  }

  private static void expectGivenUp(TestLinkObserver observer) {
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause()).hasMessageContaining("allowed no further stream for 1500 ms");
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
  }

  @Test
  void givesUpOnAPeerThatAllowsNoStreamAtAll() {
    impatient();
    try (H3Puppet peer = new H3Puppet(Manner.AT_ONCE, 0)) {
      TestLinkObserver first = get(peer);
      TestLinkObserver second = get(peer);
      expectGivenUp(first);
      expectGivenUp(second);
    }
  }

  @Test
  void leavesAConnectionThatAllowsNoMoreStreams() {
    impatient();
    try (H3Puppet peer = new H3Puppet(Manner.WITHOUT_AN_END, 2)) {
      exhaust(peer, 2);
      TestLinkObserver first = get(peer);
      TestLinkObserver second = get(peer);
      expectGivenUp(first);
      expectAnswer(second);
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  void leavesAConnectionAtOnceWhosePeerGoesAway() {
    try (H3Puppet peer = new H3Puppet(Manner.WITHOUT_AN_END, 2)) {
      exhaust(peer, 2);
      TestLinkObserver next = get(peer);
      peer.goAway();
      expectAnswer(next);
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  void opensAsManyConnectionsAsStreamsAreNeeded() {
    try (H3Puppet peer = new H3Puppet(Manner.WHEN_TOLD, 10)) {
      List<TestLinkObserver> observers = Stream.generate(() -> get(peer)).limit(30).toList();
      List<QuicStreamChannel> requests = new ArrayList<>();
      for (int i = 0; i < observers.size(); i++) {
        requests.add(peer.held());
      }
      assertThat(peer.connections()).isEqualTo(3);
      requests.forEach(peer::answer);
      observers.forEach(ClientH3StreamLimitsIT::expectAnswer);
    }
  }

  @Test
  void namesTheProtocolThatThePeerDemands() {
    try (H3Puppet peer = new H3Puppet(Manner.FALLING_BACK)) {
      LinkSignal.Failed failed = get(peer).next(LinkSignal.Failed.class);
      assertThat(failed.cause())
          .hasMessageEndingWith(" demands http/1.1 for this request; set \"protocol\": \"h1\"");
      assertThat(failed.cause().kind()).isEqualTo(FailureKind.PROTOCOL);
    }
  }
}
