package io.securestreams.reactor.transport.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Http over TLS. */
@ExtendWith(LeakCheck.class)
class ServerTlsIT {

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final TestPki.Authority authority = TestPki.Authority.named("root");

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void answersTwiceOverOneConnection(String version) throws Exception {
    int port = bind();
    try (SSLSocket socket =
        (SSLSocket)
            authority
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      RecordedLink link = acceptor.next();
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
        link.next(Transaction.class);
        link.answer(200, "secret");
        assertThat(new String(socket.getInputStream().readNBytes(44), ISO_8859_1))
            .endsWith("secret");
        assertThat(link.next()).isEqualTo(Written.ONE);
        assertThat(link.next()).isEqualTo(Event.ANSWERED);
      }
      socket.shutdownOutput();
      link.next(Closed.class);
    }
  }

  @Test
  void agreesOnHttp2WithAClientThatKnowsIt() {
    int port = bind();
    HttpClient client = HttpClient.newBuilder().sslContext(authority.clientContext()).build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/")).build(),
            BodyHandlers.ofString());
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "x");

    assertThat(response.join().version()).isEqualTo(HttpClient.Version.HTTP_2);
  }

  @Test
  void agreesOnHttp11WithAClientThatKnowsNothingElse() {
    int port = bind();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(authority.clientContext())
            .build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/")).build(),
            BodyHandlers.ofString());
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "x");

    assertThat(response.join().version()).isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void refusesOldVersions() throws IOException {
    int port = bind();
    try (SSLSocket socket =
        (SSLSocket)
            authority
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
      assertThat(acceptor.isEmpty()).isTrue();
    }
  }

  @Test
  void dropsAPeerThatDoesNotSpeakTls() {
    try (RawClient client = RawClient.to(bind()).send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
      assertThat(client.rest()).doesNotContain("HTTP");
      assertThat(acceptor.isEmpty()).isTrue();
    }
  }

  @Test
  void readsALongBodyWithOneCreditAfterTheOther() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    int port = bind(frugal);
    String text = "x".repeat(300_000);
    HttpClient client = HttpClient.newBuilder().sslContext(authority.clientContext()).build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/"))
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build(),
            BodyHandlers.ofString());
    RecordedLink link = frugal.next();
    link.next(Transaction.class);
    int size = 0;
    Frame frame;
    do {
      link.link().request(1);
      frame = link.next(Frame.class);
      size += frame.payload().size();
    } while (!frame.flags().eom());
    assertThat(size).isEqualTo(text.length());
    link.answer(200, text);
    assertThat(response.join().body()).isEqualTo(text);
  }

  private int bind() {
    return bind(acceptor);
  }

  private int bind(RecordingAcceptor by) {
    TestPki.Identity identity = authority.issue("127.0.0.1");
    try {
      return fixture.bind(
          ServerFixture.plan(
              Protocol.H1,
              WsSettings.NONE,
              Optional.of(
                  new ServerPlan.Identity(
                      new CertificateEntry("cert", identity.certificate().getEncoded()),
                      new CertificateEntry("key", identity.key().getEncoded())))),
          by);
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }
}
