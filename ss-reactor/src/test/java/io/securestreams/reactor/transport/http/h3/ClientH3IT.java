package io.securestreams.reactor.transport.http.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H3Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki.Authority;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** HTTP/3 transactions with a server of another make. */
@ExtendWith(LeakCheck.class)
class ClientH3IT {

  private static final Authority ROOT = Authority.named("root");

  /** Keeps connections for longer than it waits for an answer. */
  private static final TransportSettings IMPATIENT =
      new TransportSettings(
          Duration.ofSeconds(10),
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofSeconds(10),
          16 * 1024,
          1024,
          4096);

  private final H3Peer peer = new H3Peer(ROOT.issue("localhost"), ClientH3IT::answer);
  private ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
    peer.close();
  }

  private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    return switch (request.path()) {
      case "echo" -> response.send(request.receive().retain().startWith(Flux.empty())).then();
      case "count" ->
          request
              .receive()
              .map(ByteBuf::readableBytes)
              .reduce(0, Integer::sum)
              .flatMap(sum -> response.sendString(Mono.just(sum.toString())).then());
      case "drop" ->
          response.withConnection(c -> Channels.close(c.channel().parent())).then(Mono.never());
      case "empty" -> response.status(204).send();
      case "head" -> response.header("content-length", "7").send();
      case "silent" -> Mono.never();
      case "cut" ->
          response
              .header("content-length", "10")
              .sendString(
                  Mono.just("abc").concatWith(Mono.error(new IllegalStateException("cut"))));
      case "large" -> response.sendByteArray(Flux.range(0, 1000).map(i -> new byte[1000]));
      default ->
          response
              .header("x-region", String.valueOf(request.requestHeaders().get("x-test")))
              .sendString(Mono.just(request.method() + " " + request.uri()));
    };
  }

  private HttpPlan plan(String method, String path, BodyPlan body) {
    try {
      CertificateEntry entry = new CertificateEntry("root", ROOT.certificate().getEncoded());
      TlsPlan tls = new TlsPlan(Optional.of(new TrustStore("test", List.of(entry))));
      return new HttpPlan(
          "test",
          new Target("localhost", peer.port(), Optional.of(tls)),
          HttpWire.H3,
          method,
          path,
          List.of(new Header("X-Test", "1")),
          body,
          new ResponseRules(0, Map.of(), Map.of("x-region", "region")),
          Set.of());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private Link start(String method, String path, BodyPlan body) {
    Link link = client.transports().link(plan(method, path, body), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private String body() {
    StringBuilder text = new StringBuilder();
    LinkSignal next = observer.next();
    while (next instanceof LinkSignal.Frame frame) {
      text.append(frame.payload().utf8());
      next = observer.next();
    }
    assertThat(next).isEqualTo(Event.ACKED);
    return text.toString();
  }

  private void expectGet(String path) {
    start("GET", path, BodyPlan.NONE);
    observer.expect(new LinkSignal.Up(List.of(new MetadataValue("region", "1")), 0));
    assertThat(body()).isEqualTo("GET " + path);
  }

  @Test
  void usesOneConnectionForOneTransactionAfterTheOther() {
    expectGet("/a?b=c");
    expectGet("/d");
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void usesOneConnectionForManyTransactionsAtOnce() {
    List<TestLinkObserver> observers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TestLinkObserver one = new TestLinkObserver();
      observers.add(one);
      Link link = client.transports().link(plan("GET", "/" + i, BodyPlan.NONE), one);
      link.request(Long.MAX_VALUE);
      link.start();
    }
    for (TestLinkObserver one : observers) {
      one.next(LinkSignal.Up.class);
      one.next(LinkSignal.Frame.class);
      one.next(LinkSignal.Frame.class);
      one.expect(Event.ACKED);
    }
    assertThat(peer.connections()).as("a peer of 100 streams").isEqualTo(1);
  }

  @Test
  void sendsABodyAndGetsOne() {
    Link link = start("POST", "/echo", BodyPlan.CHUNKED);
    observer.expect(Event.TX_READY);
    link.send(new TxPiece(Payload.utf8("hel"), MessageFlags.SOM));
    link.send(new TxPiece(Payload.utf8("lo"), MessageFlags.EOM));
    observer.expect(Written.ONE);
    observer.expect(Written.ONE);
    observer.next(LinkSignal.Up.class);
    assertThat(body()).isEqualTo("hello");
  }

  @Test
  void sendsALargeBody() {
    Link link = start("POST", "/count", BodyPlan.ofLength(64L * 50_000));
    observer.expect(Event.TX_READY);
    for (int i = 0; i < 64; i++) {
      link.send(new TxPiece(Payload.of(new byte[50_000]), MessageFlags.of(i == 0, i == 63)));
    }
    for (int i = 0; i < 64; i++) {
      observer.expect(Written.ONE);
    }
    observer.next(LinkSignal.Up.class);
    assertThat(body()).isEqualTo("3200000");
  }

  @Test
  void leavesABodyThatNobodyWantsWithThePeer() {
    Link link = client.transports().link(plan("GET", "/large", BodyPlan.NONE), observer);
    link.start();
    observer.next(LinkSignal.Up.class);
    observer.expectNothingWaiting();
    int received = 0;
    link.request(1);
    received += observer.next(LinkSignal.Frame.class).payload().size();
    observer.expectNothingWaiting();
    link.request(Long.MAX_VALUE);
    LinkSignal next = observer.next();
    while (next instanceof LinkSignal.Frame frame) {
      received += frame.payload().size();
      next = observer.next();
    }
    assertThat(next).isEqualTo(Event.ACKED);
    assertThat(received).isEqualTo(1_000_000);
  }

  @Test
  void acknowledgesAnAnswerWithoutABody() {
    start("GET", "/empty", BodyPlan.NONE);
    observer.expect(LinkSignal.Up.PLAIN);
    observer.expect(Event.ACKED);
  }

  @Test
  void acknowledgesAHead() {
    start("HEAD", "/head", BodyPlan.NONE);
    observer.next(LinkSignal.Up.class);
    observer.expect(Event.ACKED);
  }

  @Test
  void tellsThatTheBodyWasCut() {
    start("GET", "/cut", BodyPlan.NONE);
    observer.next(LinkSignal.Up.class);
    observer.next(LinkSignal.Frame.class);
    assertThat(observer.next(LinkSignal.Closed.class).cause().kind())
        .isIn(FailureKind.PROTOCOL, FailureKind.CLOSED);
  }

  @Test
  void givesUpOnASilentPeerAndLeavesTheConnectionAlone() {
    client.close();
    client = new ClientFixture(IMPATIENT);
    start("GET", "/silent", BodyPlan.NONE);
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    expectGet("/again");
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void leavesTheConnectionToOthersWhenGivenUp() {
    expectGet("/first");
    Link given = start("GET", "/silent", BodyPlan.NONE);
    given.close(LinkClose.NORMAL);
    expectGet("/again");
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void makesAnotherConnectionWhenOneIsOld() {
    client.close();
    client =
        new ClientFixture(TransportSettings.DEFAULTS.withConnectionAge(Duration.ofMillis(300)));
    expectGet("/first");
    for (int i = 0; i < 10_000 && peer.connections() == 1; i++) {
      expectGet("/again");
    }
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void asksThePeerForASignOfLife() {
    expectGet("/first");
    Link link = start("POST", "/silent", BodyPlan.CHUNKED);
    observer.expect(Event.TX_READY);
    for (int i = 0; i < 3; i++) {
      link.ping();
      observer.expect(Event.ALIVE);
    }
    link.close(LinkClose.ABORT);
    expectGet("/again");
    assertThat(peer.connections()).as("nothing was owed").isEqualTo(1);
  }

  @Test
  void tellsThatThePeerClosedTheConnection() {
    start("POST", "/drop", BodyPlan.NONE);
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CLOSED);
    assertThat(failed.delivery()).isEqualTo(Delivery.UNKNOWN);
    expectGet("/again");
  }
}
