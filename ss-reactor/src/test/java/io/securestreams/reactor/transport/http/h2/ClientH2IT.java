package io.securestreams.reactor.transport.http.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Server;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Transactions of an h2 client with Reactor Netty's server, with and without TLS. */
@ExtendWith(LeakCheck.class)
class ClientH2IT {

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Link start(ClientPlan plan, TestLinkObserver told) {
    Link link = client.transports().link(plan, told);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private static HttpPlan get(H2Server server, String path) {
    return server.plan("GET", path, BodyPlan.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void deliversBodyAndAcknowledges(H2Server.Kind kind) {
    try (H2Server server =
        kind.serving((request, response) -> response.sendString(Flux.just("hel", "lo")))) {
      start(get(server, "/x?y=z"), observer);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo("hello");
      observer.expect(Event.ACKED);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void reusesAConnection(H2Server.Kind kind) {
    try (H2Server server = kind.serving((request, response) -> response.send())) {
      for (int i = 0; i < 5; i++) {
        start(get(server, "/"), observer);
        observer.expect(LinkSignal.Up.PLAIN);
        observer.expect(Event.ACKED);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void carriesManyStreamsOnOneConnection(H2Server.Kind kind) {
    int streams = 300;
    String body = "x".repeat(2_000);
    try (H2Server server =
        kind.serving(
            http -> http.http2Settings(settings -> settings.maxConcurrentStreams(streams)),
            (request, response) ->
                response.send(
                    Flux.range(0, 5).map(i -> Unpooled.copiedBuffer(body.getBytes(US_ASCII)))))) {
      List<TestLinkObserver> observers = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        TestLinkObserver each = new TestLinkObserver();
        observers.add(each);
        start(get(server, "/" + i), each);
      }
      for (TestLinkObserver each : observers) {
        each.expect(LinkSignal.Up.PLAIN);
        assertThat(each.message()).hasSize(5 * body.length());
        each.expect(Event.ACKED);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void opensMoreConnectionsWhereOneTakesFewStreams(H2Server.Kind kind) throws InterruptedException {
    int streams = 7;
    CountDownLatch arrived = new CountDownLatch(streams);
    Sinks.Empty<Void> release = Sinks.empty();
    try (H2Server server =
        kind.serving(
            http -> http.http2Settings(settings -> settings.maxConcurrentStreams(2)),
            (request, response) -> {
              arrived.countDown();
              return release.asMono().then(response.status(204).send());
            })) {
      List<TestLinkObserver> observers = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        TestLinkObserver each = new TestLinkObserver();
        observers.add(each);
        start(get(server, "/" + i), each);
      }
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.connections()).isEqualTo(4);
      release.tryEmitEmpty().orThrow();
      for (TestLinkObserver each : observers) {
        each.expect(LinkSignal.Up.PLAIN);
        each.expect(Event.ACKED);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void sendsABodyAtThePeersPace(H2Server.Kind kind) {
    int size = 60_000;
    int pieces = 20;
    try (H2Server server =
        kind.serving(
            (request, response) ->
                response.sendString(
                    request
                        .receive()
                        .asByteArray()
                        .map(bytes -> bytes.length)
                        .reduce(0, Integer::sum)
                        .map(String::valueOf)))) {
      Link link = start(server.plan("POST", "/", BodyPlan.CHUNKED), observer);
      observer.expect(Event.TX_READY);
      Payload piece = Payload.of(new byte[size]);
      for (int i = 0; i < pieces; i++) {
        link.send(new TxPiece(piece, MessageFlags.of(i == 0, i == pieces - 1)));
      }
      observer.expectWritten(pieces);
      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).asString().isEqualTo(String.valueOf(size * pieces));
      observer.expect(Event.ACKED);
    }
  }
}
