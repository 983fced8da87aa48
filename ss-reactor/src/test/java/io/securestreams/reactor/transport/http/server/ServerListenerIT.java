package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listening sockets. */
@ExtendWith(LeakCheck.class)
class ServerListenerIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void namesTheAddressThatIsTaken() {
    int port = fixture.bind(plan(Optional.of("127.0.0.1"), 0), acceptor);

    assertThatThrownBy(() -> fixture.bind(plan(Optional.of("127.0.0.1"), port), acceptor))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.CONNECT);
              assertThat(e)
                  .hasMessageContaining("127.0.0.1:" + port)
                  .hasMessageContaining("in use");
            });
  }

  @Test
  void namesTheHostThatIsUnknown() {
    assertThatThrownBy(() -> fixture.bind(plan(Optional.of("no.such.host.invalid"), 0), acceptor))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DNS))
        .hasMessageContaining("no.such.host.invalid:0");
  }

  @Test
  void namesTheCertificateThatIsNone() {
    CertificateEntry junk = new CertificateEntry("junk", new byte[] {1, 2, 3});

    assertThatThrownBy(
            () ->
                fixture.bind(
                    ServerFixture.plan(
                        Protocol.H1,
                        WsSettings.NONE,
                        Optional.of(new ServerPlan.Identity(junk, junk))),
                    acceptor))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.POLICY))
        .hasMessageContaining("junk");
  }

  @Test
  void bindsToAnInterfaceOrToAll() throws SocketException {
    String loopback =
        NetworkInterface.networkInterfaces()
            .filter(ServerListenerIT::isLoopback)
            .map(NetworkInterface::getName)
            .findFirst()
            .orElseThrow();

    for (Optional<String> host : List.of(Optional.of(loopback), Optional.<String>empty())) {
      try (RawClient client = RawClient.to(fixture.bind(plan(host, 0), acceptor)).send(GET)) {
        RecordedLink link = acceptor.next();
        link.next(Transaction.class);
        link.answer(200, "x");
        assertThat(client.head()).contains("200");
      }
    }
  }

  private static boolean isLoopback(NetworkInterface candidate) {
    try {
      return candidate.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }

  @Test
  void acceptsNothingWhilePaused() throws Exception {
    Listener listener = fixture.listen(plan(Optional.of("127.0.0.1"), 0), acceptor);
    listener.pause();
    // One that comes in the same moment may still be accepted; the next is not.
    RawClient.to(ServerFixture.port(listener)).close();
    try (RawClient client = RawClient.to(ServerFixture.port(listener)).send(GET)) {
      client.socket().setSoTimeout(200);
      assertThatThrownBy(client::head).hasCauseInstanceOf(SocketTimeoutException.class);

      listener.resume();

      RecordedLink link = acceptor.next();
      if (!(link.next() instanceof Transaction)) {
        acceptor.next().next(Transaction.class);
      }
    }
  }

  @Test
  void leavesAcceptedConnectionsAloneWhenClosed() {
    Listener listener = fixture.listen(plan(Optional.of("127.0.0.1"), 0), acceptor);
    try (RawClient client = RawClient.to(ServerFixture.port(listener)).send(GET)) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);

      listener.close().block(ServerFixture.SOON);

      assertThatThrownBy(() -> RawClient.to(ServerFixture.port(listener)))
          .hasMessageContaining("refused");
      link.answer(200, "still");
      assertThat(client.head()).contains("200");
    }
  }

  @Test
  void closesWhatTheAcceptorRefuses() {
    int port = fixture.bind(plan(Optional.empty(), 0), link -> Optional.empty());

    try (RawClient client = RawClient.to(port)) {
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void closesAConnectionWhoseObserverFails() {
    int port =
        fixture.bind(
            plan(Optional.empty(), 0),
            link ->
                Optional.of(
                    signal -> {
                      throw new IllegalStateException("on purpose");
                    }));

    try (RawClient client = RawClient.to(port).send(GET)) {
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  private static ServerPlan plan(Optional<String> host, int port) {
    return new ServerPlan(
        "it",
        Protocol.H1,
        host,
        port,
        Optional.empty(),
        WsSettings.NONE,
        List.of(),
        HttpSettings.ContentLength.SENT_WHEN_KNOWN);
  }
}
