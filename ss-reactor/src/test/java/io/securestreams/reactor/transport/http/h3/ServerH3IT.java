package io.securestreams.reactor.transport.http.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Transactions over HTTP/3, with a client of another make. */
@ExtendWith(LeakCheck.class)
class ServerH3IT {

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final ConnectionProvider pool = ConnectionProvider.create("h3-clients", 1);

  @AfterEach
  void close() {
    pool.disposeLater().block(ServerFixture.SOON);
    fixture.close();
  }

  private Listener listen(RecordingAcceptor by) {
    return fixture.listen(
        ServerFixture.plan(
            Protocol.H3,
            WsSettings.NONE,
            Optional.of(ServerFixture.identity(ROOT.issue("localhost")))),
        by);
  }

  private HttpClient client(int port) {
    Http3SslContextSpec tls =
        Http3SslContextSpec.forClient()
            // The check of a certificate reads files, which its threads may not do here.
            .configure(made -> made.trustManager(InsecureTrustManagerFactory.INSTANCE));
    return HttpClient.create(pool)
        .host("localhost")
        .port(port)
        .protocol(HttpProtocol.HTTP3)
        .secure(spec -> spec.sslContext(tls))
        .http3Settings(
            spec ->
                spec.idleTimeout(Duration.ofSeconds(20))
                    .maxData(10_000_000)
                    .maxStreamDataBidirectionalLocal(1_000_000));
  }

  private static CompletableFuture<String> get(HttpClient client, String path) {
    return client
        .get()
        .uri(path)
        .responseSingle(
            (head, body) ->
                body.asString().defaultIfEmpty("").map(text -> head.status().code() + " " + text))
        .toFuture();
  }

  @Test
  void aRequestIsALinkWithItsAnswer() {
    HttpClient client = client(ServerFixture.port(listen(acceptor)));

    CompletableFuture<String> response =
        client
            .post()
            .uri("/path?x=1")
            .send(ByteBufFlux.fromString(Mono.just("8 bytes!")))
            .responseSingle(
                (head, body) ->
                    body.asString()
                        .map(
                            text ->
                                head.version()
                                    + " "
                                    + head.status().code()
                                    + " "
                                    + head.responseHeaders().get("x-own")
                                    + " "
                                    + text))
            .toFuture();

    RecordedLink link = acceptor.next();
    assertThat(link.next(Transaction.class).metadata())
        .contains(new MetadataValue("method", "POST"), new MetadataValue("path", "/path"));
    assertThat(link.next(Frame.class))
        .extracting(frame -> frame.payload().utf8(), Frame::flags)
        .containsExactly("8 bytes!", MessageFlags.of(true, false));
    assertThat(link.next(Frame.class).flags().eom()).isTrue();
    link.answer(201, "hello", new Header("X-Own", "1"));
    assertThat(link.next()).isEqualTo(Written.ONE);
    assertThat(link.next()).isEqualTo(Event.ANSWERED);
    link.next(Closed.class);
    assertThat(response.join()).isEqualTo("HTTP/3.0 201 1 hello");
    assertThat(link.link().peer().orElseThrow()).startsWith("127.0.0.1:");
  }

  @Test
  void manyRequestsShareAConnectionAndNoneOfThemWaits() {
    HttpClient client = client(ServerFixture.port(listen(acceptor)));
    List<CompletableFuture<String>> responses = new ArrayList<>();
    List<RecordedLink> links = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      responses.add(get(client, "/" + i));
      links.add(acceptor.next());
    }

    for (int i = links.size() - 1; i >= 0; i--) {
      links.get(i).next(Transaction.class);
      links.get(i).answer(200, "of " + i);
      assertThat(responses.get(i).join()).isEqualTo("200 of " + i);
    }
    assertThat(links.stream().map(link -> link.link().peer().orElseThrow()).distinct()).hasSize(1);
  }

  @Test
  void readsALongBodyWithOneCreditAfterTheOtherAndAnswersIt() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    HttpClient client = client(ServerFixture.port(listen(frugal)));
    String text = "x".repeat(300_000);

    CompletableFuture<String> response =
        client
            .post()
            .uri("/")
            .send(ByteBufFlux.fromString(Mono.just(text)))
            .responseSingle((head, body) -> body.asString())
            .toFuture();
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

    assertThat(response.join()).hasSize(text.length());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(ints = {204, 304})
  void someAnswersAreTheirHead(int status) {
    CompletableFuture<String> response = get(client(ServerFixture.port(listen(acceptor))), "/");
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    link.link().answer(new Answer(status, List.of(), BodyPlan.NONE));

    assertThat(link.next()).isEqualTo(Event.ANSWERED);
    link.next(Closed.class);
    assertThat(response.join()).isEqualTo(status + " ");
  }

  @Test
  void aClientThatDoesNotReadGetsNoMoreThanItsWindow() {
    HttpClient client = client(ServerFixture.port(listen(acceptor)));
    CompletableFuture<Integer> response =
        client
            .get()
            .uri("/")
            .responseSingle((head, body) -> body.asByteArray().map(bytes -> bytes.length))
            .toFuture();
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
    String piece = "x".repeat(64 * 1024);
    for (int i = 0; i < Link.WINDOW; i++) {
      link.send(piece, MessageFlags.of(i == 0, false));
    }
    link.expectWritten(Link.WINDOW);
    link.send("", MessageFlags.EOM);

    assertThat(response.join()).isEqualTo(Link.WINDOW * piece.length());
  }

  @Test
  void aListenerThatClosesServesWhatWasAskedAndNothingElse() {
    Listener listener = listen(acceptor);
    HttpClient client = client(ServerFixture.port(listener));
    CompletableFuture<String> response = get(client, "/");
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    listener.close().block(ServerFixture.SOON);
    link.answer(200, "still");

    assertThat(response.join()).isEqualTo("200 still");
    link.expectWritten(1);
    assertThat(link.next()).isEqualTo(Event.ANSWERED);
    assertThat(acceptor.isEmpty()).isTrue();
  }
}
