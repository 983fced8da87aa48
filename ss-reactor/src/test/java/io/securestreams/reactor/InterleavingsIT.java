package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.SecureStream;
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
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/**
 * Everything an application can do, from two threads and from inside events, in random order,
 * against a peer that does random things: whatever happens, it ends once and nothing is left.
 */
@ExtendWith(LeakCheck.class)
class InterleavingsIT {

  private static final int SEEDS = 150;
  private static final int WISHES = 12;

  @RegisterExtension final Stage stage = new Stage();

  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"get", "post", "ws"})
  void whateverIsDoneTheStreamEndsOnceAndLeavesNothing(String streamType) throws Exception {
    // Given
    SplittableRandom behaviours = new SplittableRandom(streamType.hashCode());
    RawPeer peer = stage.with(new RawPeer(talk -> behave(talk, behaviours)));
    SecureStreams streams = streams(peer.port());

    for (int seed = 0; seed < SEEDS; seed++) {
      // When
      Run run = new Run(streams.open(streamType), seed);
      run.live();

      // Then
      run.assertOver();
      Stage.await("the end of seed " + seed, () -> streams.openStreams() == 0);
    }
    Stage.await("closed connections", () -> ended.get() == peer.connections());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"get", "post", "ws"})
  void theShortFormsCanBeCancelledAtAnyTime(String streamType) throws Exception {
    // Given
    SplittableRandom random = new SplittableRandom(streamType.length());
    RawPeer peer = stage.with(new RawPeer(talk -> behave(talk, new SplittableRandom(1))));
    SecureStreams streams = streams(peer.port());

    for (int seed = 0; seed < SEEDS; seed++) {
      // When
      Flux<Payload> form =
          random.nextBoolean()
              ? streams.receive(streamType)
              : streams.exchange(streamType, Payload.utf8("hello")).flux();
      Duration patience = Duration.ofNanos(random.nextInt(12_000_000));
      form.take(patience).onErrorComplete().blockLast(SOON);

      // Then
      Stage.await("the end of seed " + seed, () -> streams.openStreams() == 0);
    }
    Stage.await("closed connections", () -> ended.get() == peer.connections());
  }

  /** One stream and what is done with it. */
  private final class Run extends BaseSubscriber<StreamEvent> {

    private final SecureStream stream;
    private final int seed;
    private final SplittableRandom inside;
    private final boolean cancels;
    private final List<String> words = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final AtomicInteger sends = new AtomicInteger();
    private volatile boolean completed;
    private volatile boolean overlapped;

    Run(SecureStream stream, int seed) {
      this.stream = stream;
      this.seed = seed;
      this.inside = new SplittableRandom(seed);
      this.cancels = inside.nextBoolean();
    }

    void live() throws Exception {
      stream.events().subscribe(this);
      Future<?> one = threads.submit(() -> wish(new SplittableRandom(seed * 31L)));
      Future<?> two = threads.submit(() -> wish(new SplittableRandom(seed * 37L + 1)));
      one.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
      two.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
      if (cancels) {
        cancel();
      } else {
        stream.destroy();
      }
    }

    private void wish(SplittableRandom random) {
      for (int i = 0; i < WISHES; i++) {
        one(random);
        LockSupport.parkNanos(random.nextInt(3) == 0 ? random.nextInt(1_500_000) : 1);
      }
    }

    private void one(SplittableRandom random) {
      switch (random.nextInt(40)) {
        case 0, 1, 2, 3, 4, 5, 6 -> stream.connect();
        case 7, 8, 9 -> stream.disconnect();
        case 10, 11, 12 -> stream.requestTx();
        case 13, 14, 15 -> stream.startTimeout(Duration.ofMillis(1 + random.nextInt(5)));
        case 16 -> stream.cancelTimeout();
        case 17, 18 -> stream.tx().tryEmitNext(Payload.empty());
        case 19, 20, 21, 22, 23 -> stream.tx().tryEmitNext(Payload.utf8("bare"));
        case 24, 25, 26, 27, 28 -> send(Flux.just(Payload.utf8("sent")));
        case 29, 30 -> send(Flux.just(Payload.utf8("a"), Payload.utf8("b")));
        case 31 -> send(Flux.error(new IllegalStateException("no message")));
        case 32, 33, 34, 35, 36 -> request(1 + random.nextInt(10));
        case 37 -> stream.tx().tryEmitComplete();
        case 38 -> stream.destroy();
        default -> {
          if (cancels) {
            cancel();
          }
        }
      }
    }

    private void send(Flux<Payload> pieces) {
      sends.incrementAndGet();
      stream
          .tx()
          .send(pieces)
          .subscribe(v -> {}, e -> outcomes.incrementAndGet(), outcomes::incrementAndGet);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(seed % 3 == 0 ? Long.MAX_VALUE : 4);
    }

    @Override
    protected void hookOnNext(StreamEvent event) {
      overlapped |= open.getAndIncrement() > 0;
      words.add(Words.of(event));
      if (inside.nextInt(4) == 0) {
        one(inside);
      }
      if (seed % 3 == 1) {
        request(1);
      }
      open.decrementAndGet();
    }

    @Override
    protected void hookFinally(SignalType type) {
      completed = true;
    }

    void assertOver() {
      String what = "seed " + seed + ": " + words;
      request(Long.MAX_VALUE);
      Stage.await("completion, " + what, () -> completed);
      Stage.await("every send's outcome, " + what, () -> outcomes.get() == sends.get());
      assertThat(overlapped).as("overlapping events, " + what).isFalse();
      assertThat(words).as(what).filteredOn("DESTROYING"::equals).hasSizeLessThanOrEqualTo(1);
      if (!cancels) {
        assertThat(words).as(what).endsWith("DESTROYING");
      }
    }
  }

  private void behave(Conversation talk, SplittableRandom random) throws IOException {
    int choice;
    synchronized (random) {
      choice = random.nextInt(8);
    }
    try {
      String head = choice == 0 ? "" : talk.head();
      boolean ws = head.toLowerCase(Locale.ROOT).contains("sec-websocket-key");
      switch (choice) {
        case 0, 1 -> {
          // Closed as it is.
        }
        case 2 -> talk.reset();
        case 3 -> talk.write("garbage\r\n\r\n");
        case 4 -> talk.drain();
        default -> {
          if (ws) {
            echo(WsWire.accepted(talk, head), choice);
          } else {
            answer(talk, choice);
          }
        }
      }
    } finally {
      ended.incrementAndGet();
    }
  }

  private static void echo(WsWire wire, int choice) throws IOException {
    wire.text("welcome");
    for (int i = 0; i < choice; i++) {
      WsWire.Frame frame = wire.message();
      if (frame.opcode() == WsWire.CLOSE) {
        return;
      }
      wire.frame(frame.opcode(), frame.fin(), frame.payload());
    }
    wire.close(1000);
  }

  private static void answer(Conversation talk, int choice) throws IOException {
    String announced = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n";
    if (choice == 5) {
      talk.write(announced + "\r\npay");
      return;
    }
    talk.write(announced + (choice == 6 ? "connection: close\r\n" : "") + "\r\npayload");
    if (choice == 7) {
      talk.drain();
    }
  }

  private SecureStreams streams(int port) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", 2, 1)
            .client("get", "h1", port, "'http_method':'GET','retry':'r2'")
            .client("post", "h1", port, "'http_method':'POST','retry':'r2'")
            .client("ws", "ws", port, "'retry':'r2'");
    return stage.streams(policy);
  }
}
