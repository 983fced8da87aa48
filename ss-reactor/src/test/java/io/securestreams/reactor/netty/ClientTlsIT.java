package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Identity;
import io.securestreams.reactor.testing.TestPki.Validity;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom a client believes, and what it says about the others. */
@ExtendWith(LeakCheck.class)
class ClientTlsIT {

  private static final Authority ROOT = Authority.named("root");
  private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";

  private final ClientFixture client = new ClientFixture(ClientFixture.SHORT);
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private static TlsPlan trusting(X509Certificate... anchors) {
    List<CertificateEntry> stack = new java.util.ArrayList<>();
    for (X509Certificate anchor : anchors) {
      try {
        stack.add(new CertificateEntry("anchor" + stack.size(), anchor.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new AssertionError(e);
      }
    }
    return new TlsPlan(Optional.of(new TrustStore("test", stack)));
  }

  private static RawPeer showing(Identity identity) {
    return new RawPeer(
        identity.serverContext().getServerSocketFactory(),
        c -> {
          while (!c.head().isEmpty()) {
            c.write(ANSWER);
          }
        });
  }

  private void start(RawPeer peer, TlsPlan tls) {
    Link link =
        client
            .transports()
            .link(ClientFixture.get(ClientFixture.target(peer.port(), tls), "/"), observer);
    link.start();
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
      start(peer, trusting(Authority.named("other").certificate(), ROOT.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      start(peer, trusting(ROOT.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(peer.connections()).as("trust stores share nothing").isEqualTo(2);
    }
  }

  @Test
  void trustsASelfSignedCertificateThatIsNamed() {
    Identity self = TestPki.selfSigned("localhost");
    try (RawPeer peer = showing(self)) {
      start(peer, trusting(self.certificate()));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void refusesASelfSignedCertificate() {
    try (RawPeer peer = showing(TestPki.selfSigned("localhost"))) {
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void refusesAnUnknownAuthority() {
    try (RawPeer peer = showing(ROOT.issue("localhost"))) {
      start(peer, trusting(Authority.named("root").certificate()));
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
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_EXPIRED);
    }
  }

  @Test
  void refusesACertificateOfTheFuture() {
    try (RawPeer peer = showing(ROOT.issue("localhost", Validity.NOT_YET))) {
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_NOT_YET_VALID);
    }
  }

  @Test
  void refusesACertificateForAnotherHost() {
    try (RawPeer peer = showing(ROOT.issue("example.com"))) {
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HOST);
    }
  }

  @Test
  void refusesAPeerWithoutTls() {
    try (RawPeer peer = new RawPeer(c -> c.write(ANSWER))) {
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void reportsAPeerThatClosesInsideTheHandshake() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::read)) {
      start(peer, trusting(ROOT.certificate()));
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
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
    }
  }

  @Test
  void waitsForAHandshakeOnlySoLong() {
    try (RawPeer peer = new RawPeer(RawPeer.Conversation::drain)) {
      start(peer, trusting(ROOT.certificate()));
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
      start(peer, trusting(ROOT.certificate()));
      expectFailed(FailureKind.TLS_HANDSHAKE);
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
