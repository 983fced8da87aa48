package io.securestreams.reactor.netty;

import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.ws;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.SocksPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.WsPeer;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients through a SOCKS5 proxy, and what they say when it does not help them. */
@ExtendWith(LeakCheck.class)
class SocksProxyIT {

  private static final Authority ROOT = Authority.named("root");
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private static Target through(SocksProxy proxy, String host, int port, Optional<TlsPlan> tls) {
    return new Target(
        new Address.Network(host, port), tls, new Route(Optional.of(proxy), IpAttributes.NONE));
  }

  private static RawPlan raw(Target target) {
    return new RawPlan("test", target, Set.of());
  }

  private Link start(ClientPlan plan) {
    Link link = client.transports().link(plan, observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private void expectText(String text) {
    assertThat(observer.nextUnlessWritten())
        .isInstanceOfSatisfying(
            LinkSignal.Frame.class, frame -> assertThat(frame.payload().utf8()).isEqualTo(text));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nowhere.invalid, command 1 type 3 host nowhere.invalid",
    "192.0.2.7,       command 1 type 1 host 192.0.2.7",
    "2001:db8::7,     command 1 type 4 host 2001:db8:0:0:0:0:0:7",
    "fe80::1%eth0,    command 1 type 4 host fe80:0:0:0:0:0:0:1",
  })
  void givesNamesAndAddressesToTheProxy(String host, String request) {
    try (SocksPeer proxy = SocksPeer.open();
        RawPeer peer = new RawPeer(talk -> talk.write(talk.read(5)))) {
      Link link = start(raw(through(proxy.proxy(), host, peer.port(), Optional.empty())));
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.NONE));

      expectText("hello");
      assertThat(proxy.seen()).containsExactly("methods 0", request);
    }
  }

  @Test
  void losesNothingOfAPeerThatSpeaksFirst() throws IOException {
    try (RawPeer proxy =
        new RawPeer(
            talk -> {
              talk.read(3);
              talk.write(new byte[] {5, 0});
              talk.read(10);
              talk.write("\5\0\0\1\0\0\0\0\0\0welcome");
              talk.drain();
            })) {
      SocksProxy at = new SocksProxy(Optional.empty(), "127.0.0.1", proxy.port());
      start(raw(through(at, "192.0.2.7", 1, Optional.empty())));

      observer.expect(LinkSignal.Up.PLAIN);
      expectText("welcome");
    }
  }

  @Test
  void saysWhoItIs() {
    try (SocksPeer proxy = SocksPeer.of("me", "p:w");
        RawPeer peer = new RawPeer(Conversation::drain)) {
      start(raw(through(proxy.proxy(), "localhost", peer.port(), Optional.empty())));

      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(proxy.seen())
          .containsExactly("methods 2 0", "user me", "command 1 type 3 host localhost");
    }
  }

  @Test
  void carriesHttpOverTlsVerifiedAgainstThePeer() throws Exception {
    try (SocksPeer proxy = SocksPeer.open();
        RawPeer peer =
            new RawPeer(
                ROOT.issue("peer.test").serverContext().getServerSocketFactory(),
                talk -> {
                  talk.head();
                  talk.write(NO_CONTENT);
                  talk.read();
                })) {
      TlsPlan tls = TlsPlans.trusting(ROOT);
      start(get(through(proxy.proxy(), "peer.test", peer.port(), Optional.of(tls)), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);

      start(get(through(proxy.proxy(), "other.test", peer.port(), Optional.of(tls)), "/"));
      assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
          .isEqualTo(FailureKind.TLS_HOST);
    }
  }

  @Test
  void carriesAWebSocket() {
    try (SocksPeer proxy = SocksPeer.open();
        WsPeer peer = WsPeer.echo()) {
      Link link = start(ws(through(proxy.proxy(), "peer.test", peer.port(), Optional.empty())));
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.SOM_EOM));

      expectText("hello");
      link.close(LinkClose.NORMAL);
      assertThat(peer.header("host")).isEqualTo("peer.test:" + peer.port());
    }
  }

  private LinkException refusal(SocksProxy proxy) {
    return refusal(client, proxy);
  }

  private LinkException refusal(ClientFixture by, SocksProxy proxy) {
    try (RawPeer peer = new RawPeer(Conversation::drain)) {
      Target target = through(proxy, "localhost", peer.port(), Optional.empty());
      by.transports().link(raw(target), observer).start();
      LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
      assertThat(failed.cause().kind()).isEqualTo(FailureKind.PROXY);
      assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
      assertThat(failed.cause())
          .hasMessageContaining("localhost:" + peer.port())
          .hasMessageContaining(proxy.host() + ":" + proxy.port());
      assertThat(peer.connections()).as("connections beside the proxy").isZero();
      return failed.cause();
    }
  }

  @ParameterizedTest(name = "reply {0}: {1}")
  @CsvSource({
    "1, FAILURE",
    "2, FORBIDDEN",
    "3, NETWORK_UNREACHABLE",
    "4, HOST_UNREACHABLE",
    "5, CONNECTION_REFUSED",
    "8, ADDRESS_UNSUPPORTED",
    "99, UNKNOWN",
  })
  void tellsWhatTheProxyAnswers(int reply, String said) {
    try (SocksPeer proxy = SocksPeer.answering(reply)) {
      assertThat(refusal(proxy.proxy())).hasMessageContaining("it answered " + said);
    }
  }

  @Test
  void tellsThatCredentialsAreMissingOrWrong() {
    try (SocksPeer proxy = SocksPeer.of("me", "secret")) {
      SocksProxy anonymous = new SocksProxy(Optional.empty(), "localhost", proxy.port());
      assertThat(refusal(anonymous)).hasMessageContaining("write them into via-socks5");

      SocksProxy wrong =
          new SocksProxy(
              Optional.of(new SocksProxy.Credentials("me", "hidden")), "localhost", proxy.port());
      assertThat(refusal(wrong))
          .hasMessageContaining("does not accept user and password")
          .satisfies(cause -> assertThat(cause.toString()).doesNotContain("hidden"));
    }
  }

  @Test
  void neverGoesAroundAProxyThatIsDead() throws IOException {
    SocksProxy dead = new SocksProxy(Optional.empty(), "127.0.0.1", DeadEnds.refusing());
    assertThat(refusal(dead)).hasMessageContaining("it cannot be reached");

    SocksProxy unknown = new SocksProxy(Optional.empty(), "proxy.invalid", 1080);
    assertThat(refusal(unknown)).hasMessageContaining("it cannot be resolved");

    try (DeadEnds.BlackHole hole = DeadEnds.blackHole();
        ClientFixture impatient = new ClientFixture(ClientFixture.SHORT)) {
      SocksProxy silent = new SocksProxy(Optional.empty(), "127.0.0.1", hole.port());
      assertThat(refusal(impatient, silent)).hasMessageContaining("it cannot be reached");
    }
  }

  @Test
  void waitsForAProxyOnlySoLong() {
    try (RawPeer proxy = new RawPeer(Conversation::drain);
        ClientFixture impatient = new ClientFixture(ClientFixture.SHORT)) {
      assertThat(refusal(impatient, at(proxy))).hasMessageContaining("no answer within 1500 ms");
    }
  }

  private static SocksProxy at(RawPeer proxy) {
    return new SocksProxy(Optional.empty(), "127.0.0.1", proxy.port());
  }

  @ParameterizedTest(name = "\"{0}\": {1}")
  @CsvSource({
    "HTTP/1.1 400 Bad Request, no SOCKS5",
    "'', it closed the connection",
  })
  void recognisesWhatIsNoProxy(String answer, String problem) {
    try (RawPeer proxy =
        new RawPeer(
            talk -> {
              talk.read(3);
              talk.write(answer);
            })) {
      assertThat(refusal(at(proxy))).hasMessageContaining(problem);
    }
  }

  @Test
  void reportsAProxyThatHangsUpInTheMiddle() {
    try (RawPeer proxy =
        new RawPeer(
            talk -> {
              talk.read(3);
              talk.write(new byte[] {5, 0});
              talk.read(10);
              talk.reset();
            })) {
      assertThat(refusal(at(proxy))).hasMessageContaining("does not connect");
    }
  }
}
