package io.securestreams.reactor.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Up;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that ask clients for certificates, and get other certificates while they listen. */
@ExtendWith(LeakCheck.class)
class ClientCertificateIT {

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final TestPki.Authority authority = TestPki.Authority.named("servers");
  private final TestPki.Authority members = TestPki.Authority.named("members");

  @AfterEach
  void close() {
    fixture.close();
  }

  private ServerPlan plan(TestPki.Authority shown, TestPki.Authority asked) {
    ServerPlan.Identity own = ServerFixture.identity(shown.issue("127.0.0.1"));
    return ServerFixture.plan(
        Protocol.RAW,
        WsSettings.NONE,
        Optional.of(
            new ServerPlan.Identity(own.certificate(), own.key(), Optional.of(store(asked)))));
  }

  private static TrustStore store(TestPki.Authority authority) {
    try {
      return new TrustStore(
          "members", List.of(new CertificateEntry("ca", authority.certificate().getEncoded())));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLSocket connect(SSLContext context, int port, String... versions)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    if (versions.length > 0) {
      socket.setEnabledProtocols(versions);
    }
    return socket;
  }

  /** With TLS 1.3 the refusal comes after the client's handshake. */
  private static void handshakeAndRead(SSLSocket socket) throws IOException {
    socket.startHandshake();
    if (socket.getInputStream().read() < 0) {
      throw new IOException("closed");
    }
  }

  private static void echo(SSLSocket socket, RecordedLink link) throws IOException {
    socket.getOutputStream().write("x".getBytes(ISO_8859_1));
    assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("x");
    link.send("y", MessageFlags.NONE);
    assertThat(socket.getInputStream().read()).isEqualTo('y');
    link.expectWritten(1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void letsMembersInAndSeesWhoTheyAre(String version) throws Exception {
    int port = fixture.bind(plan(authority, members), acceptor);
    TestPki.Identity member = members.issue("alice");
    try (SSLSocket socket = connect(member.serverContext(authority), port, version)) {
      socket.startHandshake();
      RecordedLink link = acceptor.next();
      link.next(Up.class);
      echo(socket, link);

      assertThat(link.link().clientCertificate()).contains(member.certificate());
      assertThat(link.link().clientCertificate().map(X509Certificate::getSubjectX500Principal))
          .contains(member.certificate().getSubjectX500Principal());
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void letsNobodyInWithoutACertificate(String version) throws Exception {
    int port = fixture.bind(plan(authority, members), acceptor);
    try (SSLSocket socket = connect(authority.clientContext(), port, version)) {
      assertThatThrownBy(() -> handshakeAndRead(socket)).isInstanceOf(IOException.class);
    }
    assertThat(acceptor.isEmpty()).isTrue();
  }

  @Test
  void letsNobodyInWithAForeignCertificate() throws Exception {
    int port = fixture.bind(plan(authority, members), acceptor);
    // The issuer has the right name and the wrong key, so that the client does show it.
    TestPki.Identity stranger = TestPki.Authority.named("members").issue("mallory");
    try (SSLSocket socket = connect(stranger.serverContext(authority), port)) {
      assertThatThrownBy(() -> handshakeAndRead(socket)).isInstanceOf(IOException.class);
    }
    assertThat(acceptor.isEmpty()).isTrue();
  }

  @Test
  void asksNobodyUnlessThePolicySaysSo() throws Exception {
    int port =
        fixture.bind(
            ServerFixture.plan(
                Protocol.RAW,
                WsSettings.NONE,
                Optional.of(ServerFixture.identity(authority.issue("127.0.0.1")))),
            acceptor);
    TestPki.Identity member = members.issue("alice");
    try (SSLSocket socket = connect(member.serverContext(authority), port)) {
      socket.startHandshake();
      RecordedLink link = acceptor.next();
      link.next(Up.class);
      assertThat(link.link().clientCertificate()).isEmpty();
    }
  }

  @Test
  void certificatesAndMembersChangeWhileTheListenerListens() throws Exception {
    TestPki.Authority newAuthority = TestPki.Authority.named("new servers");
    TestPki.Authority newMembers = TestPki.Authority.named("new members");
    Listener listener = fixture.listen(plan(authority, members), acceptor);
    int port = ServerFixture.port(listener);
    TestPki.Identity alice = members.issue("alice");
    TestPki.Identity bob = newMembers.issue("bob");
    try (SSLSocket before = connect(alice.serverContext(authority), port)) {
      before.startHandshake();
      RecordedLink old = acceptor.next();
      old.next(Up.class);
      echo(before, old);

      listener.renew(plan(newAuthority, newMembers), acceptor).block(ServerFixture.SOON).run();

      try (SSLSocket after = connect(bob.serverContext(newAuthority), port);
          SSLSocket late = connect(alice.serverContext(newAuthority), port)) {
        after.startHandshake();
        RecordedLink link = acceptor.next();
        link.next(Up.class);
        echo(after, link);
        assertThat(link.link().clientCertificate()).contains(bob.certificate());
        assertThatThrownBy(() -> handshakeAndRead(late)).isInstanceOf(IOException.class);
      }
      echo(before, old);
      assertThat(old.link().clientCertificate()).contains(alice.certificate());
    }
    assertThat(acceptor.isEmpty()).isTrue();
  }
}
