package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JDK's client against the http server. */
class ServerHttpIT {

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void answersTwiceOnAKeptConnection() {
    URI uri = uri(bind(), "/a%20b?x=1");

    CompletableFuture<HttpResponse<String>> first = get(uri);
    RecordedLink link = acceptor.next();
    assertThat(link.next(Transaction.class))
        .isEqualTo(
            new Transaction(
                "GET",
                List.of(new MetadataValue("method", "GET"), new MetadataValue("path", "/a%20b"))));
    link.answer(200, "hello", new Header("x-test", "yes"));

    HttpResponse<String> response = first.join();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().map())
        .containsOnlyKeys("content-length", "x-test")
        .containsEntry("content-length", List.of("5"));
    assertThat(link.next()).isEqualTo(Written.ONE);
    assertThat(link.next()).isEqualTo(Event.ANSWERED);

    CompletableFuture<HttpResponse<String>> second = get(uri);
    assertThat(link.next(Transaction.class).method()).isEqualTo("GET");
    link.answer(404, "gone");
    assertThat(second.join().statusCode()).isEqualTo(404);
    assertThat(acceptor.isEmpty()).isTrue();
  }

  @Test
  void setsDeclaredMetadataFromHeadersAndThenFromArguments() {
    int port =
        fixture.bind(
            ServerFixture.plan(
                Protocol.H1,
                WsSettings.NONE,
                new MetadataDeclaration("method", Optional.empty()),
                new MetadataDeclaration("kind", Optional.of("x-kind")),
                new MetadataDeclaration("both", Optional.of("x-both")),
                new MetadataDeclaration("plain", Optional.empty()),
                new MetadataDeclaration("absent", Optional.of("x-absent"))),
            acceptor);

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            HttpRequest.newBuilder(uri(port, "/?both=b%26c&plain=p&other=o&method=m"))
                .header("x-kind", "k")
                .header("x-both", "overridden")
                .header("authorization", "Basic eA==")
                .DELETE()
                .build(),
            BodyHandlers.ofString());
    RecordedLink link = acceptor.next();

    assertThat(link.next(Transaction.class).metadata())
        .containsExactly(
            new MetadataValue("method", "DELETE"),
            new MetadataValue("path", "/"),
            new MetadataValue("auth", "Basic eA=="),
            new MetadataValue("kind", "k"),
            new MetadataValue("both", "b&c"),
            new MetadataValue("plain", "p"));
    link.answer(200, "");
    assertThat(response.join().body()).isEmpty();
  }

  @Test
  void givesTheBodyBeforeADeferredAnswer() {
    URI uri = uri(bind(), "/");

    CompletableFuture<HttpResponse<String>> response = post(uri, "hi there");
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("hi there"), MessageFlags.SOM));
    assertThat(link.next()).isEqualTo(new Frame(Payload.empty(), MessageFlags.EOM));
    assertThat(response).isNotDone();
    link.answer(201, "made");
    assertThat(response.join().statusCode()).isEqualTo(201);
  }

  @Test
  void givesNoFrameForAnEmptyBody() {
    CompletableFuture<HttpResponse<String>> response = post(uri(bind(), "/"), "");
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    link.answer(200, "x");
    response.join();
    assertThat(link.next()).isEqualTo(Written.ONE);
    assertThat(link.next()).isEqualTo(Event.ANSWERED);
  }

  @Test
  void takesAMegabyteWithOneCreditAfterTheOther() {
    String text = "0123456789abcdef".repeat(64 * 1024);
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    int port = fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), frugal);

    CompletableFuture<HttpResponse<String>> response = post(uri(port, "/"), text);
    RecordedLink link = frugal.next();
    link.next(Transaction.class);
    StringBuilder received = new StringBuilder();
    link.link().request(1);
    Frame frame = link.next(Frame.class);
    assertThat(frame.flags()).isEqualTo(MessageFlags.SOM);
    while (!frame.flags().eom()) {
      received.append(frame.payload().utf8());
      link.link().request(1);
      frame = link.next(Frame.class);
    }

    assertThat(received.toString()).isEqualTo(text);
    link.answer(200, text);
    assertThat(response.join().body()).isEqualTo(text);
  }

  @Test
  void tellsThatTheClientIsGone() {
    CompletableFuture<HttpResponse<String>> response = get(uri(bind(), "/"));
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);

    response.cancel(true);

    LinkSignal end = link.next();
    assertThat(end).isInstanceOf(Closed.class);
    assertThat(((Closed) end).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  private int bind() {
    return fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), acceptor);
  }

  private static URI uri(int port, String target) {
    return URI.create("http://127.0.0.1:" + port + target);
  }

  private CompletableFuture<HttpResponse<String>> get(URI uri) {
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> post(URI uri, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }
}
