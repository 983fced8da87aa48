package io.securestreams.reactor.transport.http.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.resources.ConnectionProvider;

/** Transactions over HTTP/2, with clients of other makes. */
@ExtendWith(LeakCheck.class)
class ServerH2IT {

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final ConnectionProvider pool = ConnectionProvider.create("h2-clients", 4);

  @AfterEach
  void close() {
    pool.disposeLater().block(ServerFixture.SOON);
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Protocol.class,
      names = {"H1", "H2"})
  void servesHttp2ByAlpnWhateverOfBothThePolicySays(Protocol protocol) {
    int port = bind(protocol, acceptor);

    CompletableFuture<HttpResponse<String>> response =
        jdk(port, request -> request.POST(BodyPublishers.ofString("8 bytes!")));

    RecordedLink link = acceptor.next();
    assertThat(link.next(Transaction.class).method()).isEqualTo("POST");
    assertThat(link.next(Frame.class))
        .extracting(frame -> frame.payload().utf8(), Frame::flags)
        .containsExactly("8 bytes!", MessageFlags.of(true, false));
    assertThat(link.next(Frame.class))
        .extracting(frame -> frame.payload().size(), Frame::flags)
        .containsExactly(0, MessageFlags.EOM);
    link.answer(201, "hello", new Header("X-Own", "1"), new Header("Connection", "close"));
    assertThat(link.next()).isEqualTo(Written.ONE);
    assertThat(link.next()).isEqualTo(Event.ANSWERED);
    link.next(Closed.class);
    assertThat(response.join())
        .satisfies(
            got -> {
              assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
              assertThat(got.statusCode()).isEqualTo(201);
              assertThat(got.body()).isEqualTo("hello");
              assertThat(got.headers().map())
                  .containsOnlyKeys(":status", "x-own", "content-length");
            });
  }

  @Test
  void eachRequestIsALinkOfItsOwnAndNoneOfThemWaitsForAnother() {
    int port = bind(Protocol.H2, acceptor);
    HttpClient client = jdkClient();
    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    responses.add(client.sendAsync(get(port, "/0"), BodyHandlers.ofString()));
    List<RecordedLink> links = new ArrayList<>();
    links.add(acceptor.next());
    for (int i = 1; i < 40; i++) {
      responses.add(client.sendAsync(get(port, "/" + i), BodyHandlers.ofString()));
      links.add(acceptor.next());
    }

    for (int i = links.size() - 1; i >= 0; i--) {
      links.get(i).answer(200, path(links.get(i).next(Transaction.class)));
      assertThat(responses.get(i).join().body()).isEqualTo("/" + i);
    }
    assertThat(links.stream().map(link -> link.link().peer().orElseThrow()).distinct()).hasSize(1);
  }

  private static String path(Transaction transaction) {
    return transaction.metadata().stream()
        .filter(value -> value.name().equals("path"))
        .map(MetadataValue::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void metadataComesFromPseudoHeadersArgumentsAndHeaders() {
    int port =
        bind(
            Protocol.H2,
            acceptor,
            new MetadataDeclaration("arg", Optional.empty()),
            new MetadataDeclaration("mapped", Optional.of("X-Mapped")),
            new MetadataDeclaration("authority", Optional.of("Host")));

    CompletableFuture<HttpResponse<String>> response =
        jdkClient()
            .sendAsync(
                HttpRequest.newBuilder(uri(port, "/a%20b?arg=x%26y"))
                    .header("Authorization", "Bearer z")
                    .header("X-Mapped", "1")
                    .header("X-Mapped", "2")
                    .build(),
                BodyHandlers.ofString());
    RecordedLink link = acceptor.next();

    assertThat(link.next(Transaction.class).metadata())
        .extracting(MetadataValue::name, MetadataValue::value)
        .containsExactly(
            tuple("method", "GET"),
            tuple("path", "/a%20b"),
            tuple("auth", "Bearer z"),
            tuple("arg", "x&y"),
            tuple("mapped", "1, 2"),
            tuple("authority", "127.0.0.1:" + port));
    link.answer(200, "");
    response.join();
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(booleans = {false, true})
  void readsALongBodyWithOneCreditAfterTheOtherAndAnswersIt(boolean tls) {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    int port = tls ? bind(Protocol.H2, frugal) : bindCleartext(frugal);
    String text = "x".repeat(300_000);

    CompletableFuture<String> response =
        netty(tls)
            .post()
            .uri((tls ? "https" : "http") + "://127.0.0.1:" + port + "/")
            .send(ByteBufFlux.fromString(Mono.just(text)))
            .responseSingle(
                (head, body) ->
                    body.asString().map(got -> head.version() + " " + head.status() + " " + got))
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

    assertThat(response.join()).startsWith("HTTP/2.0 200 OK ").endsWith("x").hasSize(300_016);
  }

  @Test
  void aListenerWithoutTlsKnowsBothVersionsByTheirFirstBytes() throws Exception {
    int port = bindCleartext(acceptor);
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
            BodyHandlers.ofString());
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.answer(200, "old");

    assertThat(response.get().version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(response.get().body()).isEqualTo("old");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"HEAD 200", "GET 204", "GET 304"})
  void someAnswersAreTheirHead(String example) {
    int port = bind(Protocol.H2, acceptor);
    String method = example.split(" ")[0];
    int status = Integer.parseInt(example.split(" ")[1]);

    CompletableFuture<HttpResponse<String>> response =
        jdk(port, request -> request.method(method, BodyPublishers.noBody()));
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    link.link().answer(new Answer(status, List.of(), BodyPlan.ofLength(5)));

    assertThat(link.next()).isEqualTo(Event.ANSWERED);
    link.next(Closed.class);
    assertThat(response.join().statusCode()).isEqualTo(status);
    assertThat(response.join().body()).isEmpty();
    assertThat(response.join().headers().firstValue("content-length"))
        .isEqualTo(status == 204 ? Optional.empty() : Optional.of("5"));
  }

  private reactor.netty.http.client.HttpClient netty(boolean tls) {
    reactor.netty.http.client.HttpClient client =
        reactor.netty.http.client.HttpClient.create(pool)
            .protocol(tls ? HttpProtocol.H2 : HttpProtocol.H2C);
    return tls ? client.secure(spec -> spec.sslContext(ROOT.h2ClientContext())) : client;
  }

  private CompletableFuture<HttpResponse<String>> jdk(
      int port, UnaryOperator<HttpRequest.Builder> change) {
    return jdkClient()
        .sendAsync(
            change.apply(HttpRequest.newBuilder(uri(port, "/"))).build(), BodyHandlers.ofString());
  }

  private static HttpRequest get(int port, String path) {
    return HttpRequest.newBuilder(uri(port, path)).build();
  }

  private static URI uri(int port, String path) {
    return URI.create("https://127.0.0.1:" + port + path);
  }

  private static HttpClient jdkClient() {
    return HttpClient.newBuilder().sslContext(ROOT.clientContext()).build();
  }

  private int bindCleartext(RecordingAcceptor by) {
    return fixture.bind(ServerFixture.plan(Protocol.H2, WsSettings.NONE), by);
  }

  private int bind(Protocol protocol, RecordingAcceptor by, MetadataDeclaration... metadata) {
    return fixture.bind(
        ServerFixture.plan(
            protocol,
            WsSettings.NONE,
            Optional.of(ServerFixture.identity(ROOT.issue("127.0.0.1"))),
            metadata),
        by);
  }
}
