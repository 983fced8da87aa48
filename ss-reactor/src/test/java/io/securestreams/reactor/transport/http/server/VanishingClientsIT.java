package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that reset their connection: their stream ends, once, and the next client has the only
 * place that the listener gives.
 */
@ExtendWith(LeakCheck.class)
class VanishingClientsIT {

  private static final byte[] MUCH = new byte[1024 * 1024];

  private final ServerFixture fixture =
      new ServerFixture(
          TransportSettings.DEFAULTS.withServers(ServerLimits.DEFAULTS.withConnections(1)));
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final TestPki.Authority authority = TestPki.Authority.named("root");

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void inTheMiddleOfAnAnswerOverHttp1() {
    int port = fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), acceptor);
    String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    RawClient client = RawClient.to(port).send(get);
    RecordedLink link = asked();
    answerWithMuch(link);
    client.head();
    assertThat(client.body(MUCH.length)).hasSize(MUCH.length);
    client.reset();
    assertEnded(link);

    try (RawClient next = RawClient.to(port).send(get)) {
      asked().answer(200, "next");
      next.head();
      assertThat(next.body(4)).isEqualTo("next");
    }
  }

  @Test
  void inTheMiddleOfAnAnswerOverHttp2() {
    int port = fixture.bind(ServerFixture.plan(Protocol.H2, WsSettings.NONE), acceptor);
    H2Client client = H2Client.to(port).get(1, "/").get(3, "/");
    RecordedLink first = asked();
    RecordedLink second = asked();
    answerWithMuch(first);
    assertThat(client.status(1)).isEqualTo("200");
    answerWithMuch(second);
    assertThat(client.status(3)).isEqualTo("200");
    client.raw().reset();
    assertEnded(first);
    assertEnded(second);

    try (H2Client next = H2Client.to(port).get(1, "/")) {
      asked().answer(200, "next");
      assertThat(next.status(1)).isEqualTo("200");
      assertThat(next.body(1)).isEqualTo("next");
    }
  }

  /** How far a TLS handshake gets. */
  private enum Handshake {
    NOT_BEGUN,
    HALF_A_HELLO,
    ANSWERED_HELLO
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Handshake.class)
  void inTheHandshakeOfAListenerThatOffersHttp2(Handshake until) throws SSLException {
    ServerPlan plan =
        ServerFixture.plan(
            Protocol.H2,
            WsSettings.NONE,
            Optional.of(ServerFixture.identity(authority.issue("127.0.0.1"))));
    int port = fixture.bind(plan, acceptor);
    byte[] hello = hello();
    RawClient client = RawClient.to(port);
    switch (until) {
      case NOT_BEGUN -> client.send("");
      case HALF_A_HELLO -> client.send(Arrays.copyOf(hello, hello.length / 2));
      case ANSWERED_HELLO -> assertThat(client.send(hello).read()).as("a record").isEqualTo(22);
    }
    client.reset();

    CompletableFuture<HttpResponse<String>> response =
        HttpClient.newBuilder()
            .sslContext(authority.clientContext())
            .build()
            .sendAsync(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/")).build(),
                BodyHandlers.ofString());
    asked().answer(200, "next");

    assertThat(response.orTimeout(ServerFixture.SOON.toSeconds(), TimeUnit.SECONDS).join().body())
        .isEqualTo("next");
    assertThat(acceptor.isEmpty()).as("the client that vanished was no stream").isTrue();
  }

  /** What a client that knows HTTP/2 says first. */
  private byte[] hello() throws SSLException {
    SSLEngine engine = authority.clientContext().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    engine.setSSLParameters(parameters);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return Arrays.copyOf(hello.array(), hello.position());
  }

  private RecordedLink asked() {
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    return link;
  }

  /** More than the sockets hold. */
  private static void answerWithMuch(RecordedLink link) {
    link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
    for (int i = 0; i < Link.WINDOW; i++) {
      link.link().send(new TxPiece(Payload.of(MUCH), MessageFlags.of(i == 0, false)));
    }
  }

  private static void assertEnded(RecordedLink link) {
    LinkSignal signal = link.next();
    while (signal instanceof Written) {
      signal = link.next();
    }
    assertThat(((Closed) signal).cause())
        .as(((Closed) signal).cause().toString())
        .extracting("kind")
        .isEqualTo(FailureKind.CLOSED);
    link.send("too late", MessageFlags.EOM);
    assertThat(link.rest()).isEmpty();
  }
}
