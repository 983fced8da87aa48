package io.securestreams.reactor.transport.http;

import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.http;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions of an h1 client against a peer that says every byte by itself. */
@ExtendWith(LeakCheck.class)
class ClientHttpIT {

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Link start(ClientPlan plan) {
    Link link = client.transports().link(plan, observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private static RawPeer answering(String response) {
    return new RawPeer(
        c -> {
          while (!c.head().isEmpty()) {
            c.write(response);
          }
        });
  }

  @Test
  void deliversBodyAndAcknowledges() {
    try (RawPeer peer = answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")) {
      start(get(target(peer.port()), "/x?y=z"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("hello"), MessageFlags.SOM));
      observer.expect(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void sendsTheHeadersOfTheReferenceAndNoOthers() {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (RawPeer peer =
        new RawPeer(
            c -> {
              heads.add(c.head());
              c.write("HTTP/1.1 204 No Content\r\n\r\n");
              c.drain();
            })) {
      start(get(target(peer.port()), "/x?y=z"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      String host = "127.0.0.1:" + peer.port();
      assertThat(heads.remove().split("\r\n"))
          .containsExactlyInAnyOrder(
              "GET /x?y=z HTTP/1.1",
              "host: " + host,
              "origin: http://" + host,
              "pragma: no-cache",
              "cache-control: no-cache",
              "x-test: 1");
    }
  }

  @Test
  void reusesAConnection() {
    try (RawPeer peer = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
      for (int i = 0; i < 5; i++) {
        start(get(target(peer.port()), "/"));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void joinsChunksAndSkipsInterimResponses() {
    try (RawPeer peer =
        answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </s>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(new LinkSignal.Frame(Payload.utf8("abc"), MessageFlags.SOM));
      observer.expect(new LinkSignal.Frame(Payload.utf8("defg"), MessageFlags.NONE));
      observer.expect(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void takesTheEndOfTheConnectionAsTheEndOfABodyWithoutLength() {
    try (RawPeer peer =
        new RawPeer(
            c -> {
              c.head();
              c.write("HTTP/1.0 200 OK\r\n\r\nall of it");
            })) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("all of it");
      observer.expect(Event.ACKED);
    }
  }

  @Test
  void refusesWhatIsNotExpected() {
    try (RawPeer peer = answering("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno")) {
      start(get(target(peer.port()), "/"));
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("no");
      observer.expect(Event.NACKED);
    }
  }

  @Test
  void mapsStatusAndHeaders() {
    ResponseRules rules = new ResponseRules(0, Map.of(530, 1530), Map.of("x-a", "a", "x-b", "b"));
    try (RawPeer peer =
        answering("HTTP/1.1 530 Odd\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n")) {
      start(http(target(peer.port()), "GET", "/", BodyPlan.NONE, rules));
      observer.expect(new LinkSignal.Up(List.of(new MetadataValue("a", "1, 2")), 1530));
      observer.expect(Event.NACKED);
    }
  }

  @Test
  void givesNoBodyToHead() {
    try (RawPeer peer = answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")) {
      for (int i = 0; i < 2; i++) {
        start(http(target(peer.port()), "HEAD", "/", BodyPlan.NONE, ClientFixture.RULES));
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void sendsABodyOfKnownLength() {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (RawPeer peer =
        new RawPeer(
            c -> {
              requests.add(c.head());
              requests.add(new String(c.read(3000), StandardCharsets.US_ASCII));
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
              c.drain();
            })) {
      Link link =
          start(
              http(target(peer.port()), "POST", "/", BodyPlan.ofLength(3000), ClientFixture.RULES));
      observer.expect(Event.TX_READY);
      Payload third = Payload.utf8("x".repeat(1000));
      link.send(new TxPiece(third, MessageFlags.SOM));
      link.send(new TxPiece(third, MessageFlags.NONE));
      link.send(new TxPiece(third, MessageFlags.EOM));
      observer.expectWritten(3);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(requests.remove()).contains("content-length: 3000");
      assertThat(requests.remove()).isEqualTo("x".repeat(3000));
    }
  }

  @Test
  void reportsARefusedConnection() {
    start(get(target(DeadEnds.refusing()), "/"));
    LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
  }

  @Test
  void saysHowLongToStayAway() {
    try (RawPeer peer =
        answering("HTTP/1.1 503 Busy\r\nretry-after: 2\r\ncontent-length: 3\r\n\r\nxxx")) {
      start(get(target(peer.port()), "/"));
      LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
      assertThat(failed.retryAfterMs()).isEqualTo(2000);
      assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
      assertThat(failed.cause()).hasMessageContaining("503");
    }
  }

  @Test
  void neverSpeaksAgainOnceClosed() {
    try (RawPeer peer = answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel")) {
      Link[] link = new Link[1];
      observer.reacting(
          signal -> {
            if (signal instanceof LinkSignal.Frame) {
              link[0].close(LinkClose.NORMAL);
            }
          });
      link[0] = client.transports().link(get(target(peer.port()), "/"), observer);
      link[0].request(Long.MAX_VALUE);
      link[0].start();
      observer.expect(LinkSignal.Up.PLAIN);
      observer.next(LinkSignal.Frame.class);
      client.close();
      observer.expectNothingWaiting();
    }
  }
}
