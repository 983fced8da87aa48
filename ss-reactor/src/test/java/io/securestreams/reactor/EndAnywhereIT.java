package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/** Destroying, cancelling and closing from inside every event, and from beside it. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class EndAnywhereIT {

  /** The end of a kept connection is waited for after each case. */
  private static final TransportSettings SHORT_POOL = shortPool(TransportSettings.DEFAULTS);

  private static TransportSettings shortPool(TransportSettings like) {
    return new TransportSettings(
        like.connect(),
        like.response(),
        like.inactivity(),
        Duration.ofMillis(50),
        like.headerBytes(),
        like.frameBytes(),
        like.messageBytes());
  }

  @RegisterExtension final Stage stage = new Stage();

  private final AtomicInteger ended = new AtomicInteger();

  /** What is done at an event. */
  private enum Way {
    DESTROY,
    CANCEL,
    CLOSE_THE_CONTEXT,
    DISCONNECT_AND_DESTROY;

    void run(SecureStreams streams, SecureStream stream, BaseSubscriber<?> subscriber) {
      switch (this) {
        case DESTROY -> stream.destroy();
        case CANCEL -> subscriber.cancel();
        case CLOSE_THE_CONTEXT -> streams.close();
        case DISCONNECT_AND_DESTROY -> {
          stream.disconnect();
          stream.destroy();
        }
      }
    }
  }

  /** A life, the event in it that something is done at, and whether that event finds it up. */
  private record Moment(String life, String event, boolean up) {}

  static Stream<Moment> moments() {
    return Stream.of(
        new Moment("http", "CREATING", false),
        new Moment("http", "POLL", false),
        new Moment("http", "CONNECTING", false),
        new Moment("http", "CONNECTED", true),
        new Moment("http", "rx(7,SOM)", true),
        new Moment("http", "rx(0,EOM)", true),
        new Moment("http", "QOS_ACK_REMOTE", true),
        new Moment("http", "DISCONNECTED", false),
        new Moment("mapped", "1200", false),
        new Moment("denied", "AUTH_FAILED", false),
        new Moment("silent", "TIMEOUT", false),
        new Moment("refused", "UNREACHABLE", false),
        new Moment("refused", "ALL_RETRIES_FAILED", false),
        new Moment("ws", "CONNECTING", false),
        new Moment("ws", "CONNECTED", true),
        new Moment("ws", "rx(2,SOM|EOM)", true),
        new Moment("ws", "DISCONNECTED", false));
  }

  static Stream<Arguments> waysInside() {
    return moments().flatMap(at -> Stream.of(Way.values()).map(way -> Arguments.of(at, way)));
  }

  @ParameterizedTest(name = "{1} at {0}")
  @MethodSource("waysInside")
  void endsAtOnceFromInsideAnEvent(Moment at, Way way) throws InterruptedException {
    // Given
    RawPeer peer = stage.with(new RawPeer(this::answer));
    SecureStreams streams = streams(peer.port());
    SecureStream stream = streams.open(at.life());
    Log log = new Log(at.event());
    log.reaction = () -> way.run(streams, stream, log);

    // When
    begin(stream, log);

    // Then
    log.awaitReaction();
    if (way == Way.CANCEL) {
      Stage.await("the end", () -> streams.openStreams() == 0);
      assertThat(log.afterReaction()).isEmpty();
    } else {
      log.awaitEnd();
      assertThat(log.afterReaction())
          .isEqualTo(at.up() ? List.of("DISCONNECTED", "DESTROYING") : List.of("DESTROYING"));
    }
    Stage.await("closed connections", () -> ended.get() == peer.connections());
  }

  @ParameterizedTest(name = "{1} beside {0}")
  @MethodSource("waysInside")
  void endsOnceFromBesideAnEvent(Moment at, Way way) throws InterruptedException {
    // Given
    RawPeer peer = stage.with(new RawPeer(this::answer));
    SecureStreams streams = streams(peer.port());
    SecureStream stream = streams.open(at.life());
    Log log = new Log(at.event());
    Thread beside = new Thread(() -> way.run(streams, stream, log), "beside");
    log.reaction = beside::start;

    // When
    begin(stream, log);

    // Then
    log.awaitReaction();
    beside.join(SOON.toMillis());
    Stage.await("the end", () -> streams.openStreams() == 0);
    if (way == Way.CANCEL) {
      assertThat(log.words).doesNotContain("DESTROYING");
    } else {
      log.awaitEnd();
      assertThat(log.words).filteredOn("DESTROYING"::equals).hasSize(1);
      assertThat(log.words).endsWith("DESTROYING");
    }
    Stage.await("closed connections", () -> ended.get() == peer.connections());
  }

  private static void begin(SecureStream stream, Log log) {
    stream.events().subscribe(log);
    stream.startTimeout(Duration.ofMillis(stream.streamType().equals("silent") ? 20 : 60_000));
    stream.tx().tryEmitNext(Payload.empty());
  }

  private void answer(Conversation talk) throws IOException {
    try {
      String head = talk.head();
      if (head.contains("/denied")) {
        talk.write("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n");
      } else if (head.contains("/ws")) {
        WsWire wire = WsWire.accepted(talk, head);
        wire.text("hi");
        wire.close(1000);
        awaitGoodbye(wire);
        return;
      } else if (head.contains("/http")) {
        talk.write("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\npayload");
      }
      talk.drain();
    } finally {
      ended.incrementAndGet();
    }
  }

  /** It is a server's part to close the socket then; the client would wait for that. */
  private static void awaitGoodbye(WsWire wire) throws IOException {
    int opcode;
    do {
      opcode = wire.read().opcode();
    } while (opcode != WsWire.CLOSE);
  }

  private SecureStreams streams(int port) {
    String get = "'http_method':'GET','retry':'r1','http_url':'%s'";
    String map = ",'http_resp_map':[{'200':1200},{'401':4}]";
    TestPolicy policy =
        new TestPolicy()
            .retry("r1", 1, 5)
            .client("http", "h1", port, get.formatted("http"))
            .client("mapped", "h1", port, get.formatted("http") + map)
            .client("denied", "h1", port, get.formatted("denied") + map)
            .client("silent", "h1", port, get.formatted("silent"))
            .client("refused", "h1", DeadEnds.refusing(), get.formatted("refused"))
            .client("ws", "ws", port, "'http_url':'ws','retry':'r1'");
    return stage.streams(policy, builder -> builder.settings(SHORT_POOL));
  }

  /** Writes events down, and reacts once. */
  private static final class Log extends BaseSubscriber<StreamEvent> {

    private final String target;
    private final List<String> words = new CopyOnWriteArrayList<>();
    private final CountDownLatch reacted = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private Runnable reaction = () -> {};
    private volatile int position;

    Log(String target) {
      this.target = target;
    }

    @Override
    protected void hookOnNext(StreamEvent event) {
      String word = Words.of(event);
      words.add(word);
      if (reacted.getCount() > 0 && word.equals(target)) {
        position = words.size();
        reaction.run();
        reacted.countDown();
      }
    }

    @Override
    protected void hookFinally(SignalType type) {
      if (type != SignalType.CANCEL) {
        end.countDown();
      }
    }

    void awaitReaction() throws InterruptedException {
      assertThat(reacted.await(SOON.toMillis(), TimeUnit.MILLISECONDS))
          .as("%s among %s", target, words)
          .isTrue();
    }

    void awaitEnd() throws InterruptedException {
      assertThat(end.await(SOON.toMillis(), TimeUnit.MILLISECONDS))
          .as("completion after %s", words)
          .isTrue();
    }

    List<String> afterReaction() {
      return words.subList(position, words.size());
    }
  }
}
