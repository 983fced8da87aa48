package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.core.policy.WsSettings.Frames;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.WsForeign;
import io.securestreams.reactor.testing.WsForeign.Client;
import io.securestreams.reactor.testing.WsForeign.ClientMake;
import io.securestreams.reactor.testing.WsForeign.ServerMake;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Messages between our ends and those of other makes, compressed and not. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsForeignCasesIT {

  private static final TransportSettings PLAIN = TransportSettings.DEFAULTS;
  private static final TransportSettings COMPRESSING = PLAIN.withWebSocketCompression(true);

  private static final ClientFixture CLIENT = new ClientFixture(PLAIN);
  private static final ClientFixture COMPRESSING_CLIENT = new ClientFixture(COMPRESSING);
  private static final ServerFixture SERVER = new ServerFixture(PLAIN);
  private static final ServerFixture COMPRESSING_SERVER = new ServerFixture(COMPRESSING);

  @AfterAll
  static void close() {
    CLIENT.close();
    COMPRESSING_CLIENT.close();
    SERVER.close();
    COMPRESSING_SERVER.close();
  }

  /** What goes there and back. */
  private record Letter(String name, Frames kind, int size, int pieces) {

    Payload content() {
      if (kind == Frames.TEXT) {
        return Payload.utf8("a\u00e9\u20ac\ud83d\ude00".repeat(size / 10 + 1));
      }
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      return Payload.wrap(bytes);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Letter> letters() {
    List<Letter> letters = new ArrayList<>();
    for (Frames kind : Frames.values()) {
      for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 300_000}) {
        for (int pieces : new int[] {1, 3}) {
          letters.add(
              new Letter(
                  kind + " about " + size + " bytes in " + pieces + " frames", kind, size, pieces));
        }
      }
    }
    return letters;
  }

  static Stream<Arguments> forClients() {
    return Stream.of(ServerMake.values())
        .flatMap(make -> letters().stream().map(letter -> Arguments.of(make, letter)));
  }

  static Stream<Arguments> forServers() {
    return Stream.of(ClientMake.values())
        .flatMap(make -> letters().stream().map(letter -> Arguments.of(make, letter)));
  }

  private static void send(Link link, Payload content, int pieces) {
    for (int i = 0; i < pieces; i++) {
      Payload piece =
          content.slice(
              (int) ((long) content.size() * i / pieces),
              (int) ((long) content.size() * (i + 1) / pieces));
      link.send(new TxPiece(piece, MessageFlags.of(i == 0, i == pieces - 1)));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forClients")
  void ourClientIsUnderstood(ServerMake make, Letter letter) {
    ClientFixture client = make.compresses() ? COMPRESSING_CLIENT : CLIENT;
    TestLinkObserver observer = new TestLinkObserver();
    try (WsForeign.Server server = make.echo()) {
      Link link =
          client
              .transports()
              .link(
                  ClientFixture.ws(
                      ClientFixture.target(server.port()), Optional.empty(), letter.kind()),
                  observer);
      link.request(Long.MAX_VALUE);
      link.start();
      observer.expect(LinkSignal.Up.PLAIN);

      send(link, letter.content(), letter.pieces());

      assertThat(echo(link, observer)).isEqualTo(letter.content());
      assertThat(server.compressed()).isEqualTo(make.compresses());
      server.close(4001, "enough");
      LinkSignal end = next(observer);
      assertThat(((LinkSignal.Closed) end).cause()).hasMessageContaining("4001, enough");
    }
  }

  private static Payload echo(Link link, TestLinkObserver observer) {
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    // Java-WebSocket's server may leave an answer lying until it has another to write.
    Disposable nudges =
        Flux.interval(Duration.ofSeconds(1)).subscribe(tick -> link.ping(), error -> {});
    boolean more = true;
    while (more) {
      LinkSignal.Frame frame = (LinkSignal.Frame) next(observer);
      back.writeBytes(frame.payload().bytes());
      more = !frame.flags().eom();
    }
    nudges.dispose();
    return Payload.wrap(back.toByteArray());
  }

  private static LinkSignal next(TestLinkObserver observer) {
    LinkSignal signal = observer.nextUnlessWritten();
    while (signal == LinkSignal.Event.ALIVE) {
      signal = observer.nextUnlessWritten();
    }
    return signal;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forServers")
  void ourServerIsUnderstood(ClientMake make, Letter letter) {
    ServerFixture server = make.compresses() ? COMPRESSING_SERVER : SERVER;
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    WsSettings frames = new WsSettings(Optional.empty(), letter.kind(), WsSettings.Turn.FAIR);
    int port = server.bind(ServerFixture.plan(Protocol.WS, frames), acceptor);
    Payload content = letter.content();
    try (Client client = make.connect(port)) {
      RecordedLink link = acceptor.next();
      link.next(LinkSignal.Upgraded.class);

      client.send(content, letter.kind() == Frames.TEXT);
      ByteArrayOutputStream there = new ByteArrayOutputStream();
      boolean more = true;
      while (more) {
        LinkSignal.Frame frame = link.next(LinkSignal.Frame.class);
        there.writeBytes(frame.payload().bytes());
        more = !frame.flags().eom();
      }
      send(link.link(), content, letter.pieces());

      assertThat(Payload.wrap(there.toByteArray())).isEqualTo(content);
      assertThat(client.message()).isEqualTo(content);
      assertThat(client.compressed()).isEqualTo(make.compresses());
      client.end(4002, "done");
      link.expectWritten(letter.pieces());
      assertThat(link.next(LinkSignal.Closed.class).cause()).hasMessageContaining("4002, done");
    }
  }
}
