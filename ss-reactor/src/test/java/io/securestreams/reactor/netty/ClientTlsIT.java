package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSsl;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Loopback;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Identity;
import io.securestreams.reactor.testing.TestPki.Validity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a client believes, and what it says about the others. */
@ExtendWith(LeakCheck.class)
@ParameterizedClass(name = "{0}")
@EnumSource(TlsEngine.class)
class ClientTlsIT {

  private static final Authority ROOT = Authority.named("root");
  private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";

  /** Short where a test waits for it; a first handshake takes its time. */
  private static final TransportSettings LIMITS =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          16 * 1024,
          1024,
          4096);

  private final ClientFixture client;
  private final TestLinkObserver observer = new TestLinkObserver();

  ClientTlsIT(TlsEngine engine) {
    client = new ClientFixture(LIMITS, engine);
  }

  @BeforeAll
  static void bothEnginesAreThere() {
    assertThat(OpenSsl.isAvailable()).isTrue();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static RawPeer showing(Identity identity) {
    return new RawPeer(identity.serverContext().getServerSocketFactory(), ClientTlsIT::answerAll);
  }

  private static void answerAll(RawPeer.Conversation c) throws IOException {
    while (!c.head().isEmpty()) {
      c.write(ANSWER);
    }
  }

  private void start(RawPeer peer, TlsPlan tls) {
    start(ClientFixture.target(peer.port(), tls));
  }

  private void start(Target target) {
    client.transports().link(ClientFixture.get(target, "/"), observer).start();
  }

  private void expectFailed(FailureKind kind) {
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).as("%s", failed.cause()).isEqualTo(kind);
    assertThat(failed.cause()).hasMessageContaining("localhost");
    assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
    observer.expectNothingWaiting();
  }

  @Test
  void trustsWhomTheAuthorityVouchesFor() {
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(peer, TlsPlans.trusting(Authority.named("other").certificate(), ROOT.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(peer.connections()).as("trust stores share nothing").isEqualTo(2);
    }
  }

  @Test
  void trustsASelfSignedCertificateThatIsNamed() {
    Identity self = TestPki.selfSigned("localhost");
    try (RawPeer peer = showing(self)) {
      start(peer, TlsPlans.trusting(self.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void refusesASelfSignedCertificate() {
    try (RawPeer peer = showing(TestPki.selfSigned("localhost"))) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void refusesAnUnknownAuthority() {
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(peer, TlsPlans.trusting(Authority.named("root").certificate()));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void refusesAnAuthorityThatThePlatformDoesNotKnow() {
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(peer, new TlsPlan(Optional.empty()));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void refusesAnExpiredCertificate() {
    try (RawPeer peer = showing(ROOT.issue("localhost", Validity.EXPIRED))) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_EXPIRED);
    }
  }

  @Test
  void refusesACertificateOfTheFuture() {
    try (RawPeer peer = showing(ROOT.issue("localhost", Validity.NOT_YET))) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_NOT_YET_VALID);
    }
  }

  @Test
  void refusesACertificateForAnotherHost() {
    try (RawPeer peer = showing(ROOT.issue("example.com"))) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HOST);
    }
  }

  @Test
  void refusesAPeerWithoutTls() {
    try (RawPeer peer = new RawPeer(c -> c.write(ANSWER))) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void reportsAPeerThatClosesInsideTheHandshake() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::read)) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void reportsAResetInsideTheHandshake() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.read();
              c.reset();
            })) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void waitsForAHandshakeOnlySoLong() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TIMEOUT);
    }
  }

  @Test
  void refusesOldVersions() {
    try (RawPeer peer =
        new RawPeer(
            ROOT.issue("localhost").serverContext().getServerSocketFactory(),
            c -> {
              ((SSLSocket) c.socket()).setEnabledProtocols(new String[] {"TLSv1.1"});
              c.read();
            })) {
      start(peer, TlsPlans.trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void verifiesAddressesToo() {
    try (RawPeer peer = showing(ROOT.issue("127.0.0.1"))) {
      start(new Target("127.0.0.1", peer.port(), Optional.of(TlsPlans.trusting(ROOT))));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);

      start(peer, TlsPlans.trusting(ROOT));
      expectFailed(FailureKind.TLS_HOST);
    }
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(new Target("127.0.0.1", peer.port(), Optional.of(TlsPlans.trusting(ROOT))));
      assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
          .isEqualTo(FailureKind.TLS_HOST);
    }
  }

  @Test
  void verifiesAnIpv6Address() {
    if (!Loopback.hasIpv6()) {
      start(new Target("::1", 9, Optional.of(TlsPlans.trusting(ROOT))));
      assertThat(observer.next(LinkSignal.Failed.class).cause()).hasMessageContaining("[::1]:9");
      return;
    }
    for (String shown : new String[] {"::1", "2001:db8::1"}) {
      try (RawPeer peer =
          RawPeer.at(
              "::1",
              0,
              ROOT.issue(shown).serverContext().getServerSocketFactory(),
              ClientTlsIT::answerAll)) {
        start(new Target("::1", peer.port(), Optional.of(TlsPlans.trusting(ROOT))));
        if (shown.equals("::1")) {
          observer.expect(LinkSignal.Up.PLAIN);
          observer.expect(Event.ACKED);
        } else {
          assertThat(observer.next(LinkSignal.Failed.class).cause().kind())
              .isEqualTo(FailureKind.TLS_HOST);
        }
      }
    }
  }

  @Test
  void tellsThePeerTheNameThatItIsWantedBy() {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (RawPeer peer =
        new RawPeer(
            ROOT.issue("localhost").serverContext().getServerSocketFactory(),
            c -> {
              c.head();
              ExtendedSSLSession session =
                  (ExtendedSSLSession) ((SSLSocket) c.socket()).getSession();
              asked.add(session.getRequestedServerNames().toString());
              c.write(ANSWER);
            })) {
      start(new Target("localhost.", peer.port(), Optional.of(TlsPlans.trusting(ROOT))));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(asked).containsExactly("[type=host_name (0), value=localhost]");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void resumesASession(String version) {
    AtomicInteger proofs = new AtomicInteger();
    try (RawPeer peer =
        new RawPeer(
            ROOT.issue("localhost").serverContext(proofs).getServerSocketFactory(),
            c -> {
              ((SSLSocket) c.socket()).setEnabledProtocols(new String[] {version});
              c.head();
              c.write(ANSWER);
            })) {
      TlsPlan plan = TlsPlans.trusting(ROOT);
      for (int i = 0; i < 3; i++) {
        start(peer, plan);
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
        Stage.await("the end of connection " + (i + 1), () -> peer.open() == 0);
      }
      assertThat(peer.connections()).isEqualTo(3);
      assertThat(proofs).as("times that the peer proved to have its key").hasValue(1);
    }
  }

  // Client certificates.

  private static final Authority CLIENTS = Authority.named("clients");

  private static RawPeer demanding(String version, List<String> who) {
    return new RawPeer(
        ROOT.issue("localhost").serverContext(CLIENTS).getServerSocketFactory(),
        c -> {
          SSLSocket socket = (SSLSocket) c.socket();
          socket.setEnabledProtocols(new String[] {version});
          socket.setNeedClientAuth(true);
          while (!c.head().isEmpty()) {
            who.add(socket.getSession().getPeerPrincipal().getName());
            c.write(ANSWER);
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void showsItsCertificate(String version) {
    List<String> who = new CopyOnWriteArrayList<>();
    try (RawPeer peer = demanding(version, who)) {
      for (String name : new String[] {"one", "two", "one"}) {
        start(peer, TlsPlans.showing(TlsPlans.trusting(ROOT), IDENTITIES.get(name)));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(who).containsExactly("CN=one", "CN=two", "CN=one");
      assertThat(peer.connections()).as("identities share nothing").isEqualTo(2);
    }
  }

  private static final Map<String, Identity> IDENTITIES =
      Map.of("one", CLIENTS.issue("one"), "two", CLIENTS.issue("two"));

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void saysThatItsCertificateIsMissingOrRefused(String version) {
    try (RawPeer peer = demanding(version, new CopyOnWriteArrayList<>())) {
      // With TLS 1.3 the refusal comes after the request, which the peer has not seen.
      start(peer, TlsPlans.trusting(ROOT));
      LinkSignal.Failed missing = observer.next(LinkSignal.Failed.class);
      assertThat(missing.cause().kind()).as("%s", missing.cause()).isEqualTo(FailureKind.AUTH);

      start(peer, TlsPlans.showing(TlsPlans.trusting(ROOT), ROOT.issue("stranger")));
      LinkSignal.Failed refused = observer.next(LinkSignal.Failed.class);
      assertThat(refused.cause().kind()).as("%s", refused.cause()).isEqualTo(FailureKind.AUTH);
    }
  }

  @Test
  void namesTheCertificateThatIsNone() {
    TlsPlan junk =
        new TlsPlan(
            Optional.of(
                new TrustStore("s", List.of(new CertificateEntry("junk", new byte[] {1, 2})))));
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(peer, junk);
      LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
      assertThat(failed.cause().kind()).isEqualTo(FailureKind.POLICY);
      assertThat(failed.cause()).hasMessageContaining("'s'").hasMessageContaining("'junk'");
    }
  }
}
