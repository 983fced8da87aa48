package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Messages sent over a WebSocket whose peer goes away again and again. */
@ExtendWith(LeakCheck.class)
class ReconnectingTxIT {

  private static final int MESSAGES = 3000;
  private static final int CUTS = 8;
  private static final int UNDER_WAY = 25;

  @RegisterExtension final Stage stage = new Stage();

  /** How many messages may be under way; what a cut swallowed is granted anew. */
  private final Semaphore permits = new Semaphore(0);

  /** What the peer received, by connection. */
  private final List<List<Integer>> received = new CopyOnWriteArrayList<>();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"closes", "resets", "says goodbye"})
  void everySendEndsAndNothingIsReceivedTwiceOrOutOfOrder(String way) {
    // Given
    RawPeer peer = stage.with(new RawPeer(talk -> receive(talk, way)));
    SecureStream stream = stream(peer.port());
    AtomicInteger delivered = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();

    // When
    Runnable sending =
        () -> {
          for (int number = 0; number < MESSAGES; number++) {
            permits.acquireUninterruptibly();
            stream
                .tx()
                .send(Payload.utf8(Integer.toString(number)))
                .subscribe(
                    v -> {}, e -> failed.incrementAndGet(), () -> delivered.incrementAndGet());
          }
          stream.tx().tryEmitNext(Payload.utf8("-1")).orThrow();
        };

    // Then
    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(() -> new Thread(sending, "sending").start())
        .thenConsumeWhile(word -> !word.startsWith("rx("))
        .expectNext("rx(3,SOM|EOM)")
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    List<Integer> all = new ArrayList<>();
    received.forEach(all::addAll);
    assertThat(delivered.get() + failed.get()).isEqualTo(MESSAGES);
    assertThat(failed).hasValue(0);
    assertThat(received).hasSize(CUTS + 1);
    assertThat(all).isSorted().doesNotHaveDuplicates().endsWith(MESSAGES - 1);
    // What was given to the last connection has all arrived.
    List<Integer> last = received.get(CUTS);
    assertThat(last.get(last.size() - 1) - last.get(0)).isEqualTo(last.size() - 1);
  }

  /** Takes some messages and breaks off; the last connection takes them all. */
  private void receive(Conversation talk, String way) throws IOException {
    List<Integer> numbers = new CopyOnWriteArrayList<>();
    received.add(numbers);
    WsWire wire = WsWire.accepted(talk);
    permits.drainPermits();
    permits.release(UNDER_WAY);
    int most = talk.number() <= CUTS ? 20 * talk.number() : Integer.MAX_VALUE;
    while (numbers.size() < most) {
      int number = Integer.parseInt(wire.read().text());
      if (number < 0) {
        wire.text("end");
        talk.drain();
        return;
      }
      numbers.add(number);
      permits.release();
    }
    switch (way) {
      case "resets" -> talk.reset();
      case "says goodbye" -> {
        wire.close(1001);
        // What we still sent is read, so that the farewell is not lost in a reset.
        talk.drain();
      }
      default -> {
        // The connection is closed as it is.
      }
    }
  }

  @Test
  void whatIsOnItsWayWhenTheApplicationDisconnectsIsNotSentAgain() {
    // Given
    Semaphore reading = new Semaphore(0);
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  List<Integer> numbers = new CopyOnWriteArrayList<>();
                  received.add(numbers);
                  WsWire wire = WsWire.accepted(talk);
                  reading.acquireUninterruptibly();
                  for (WsWire.Frame frame = wire.read();
                      frame.opcode() != WsWire.CLOSE;
                      frame = wire.read()) {
                    numbers.add(Integer.parseInt(frame.text().trim()));
                  }
                }));
    SecureStream stream = stream(peer.port());
    AtomicInteger accepted = new AtomicInteger();
    List<Integer> discarded = new CopyOnWriteArrayList<>();

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream
                .events()
                .map(Words::of)
                .doOnDiscard(
                    Payload.class,
                    payload -> discarded.add(Integer.parseInt(payload.utf8().trim()))));

    // Then
    events
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(() -> fill(stream, accepted))
        .then(stream::disconnect)
        .expectNext("DISCONNECTED")
        .then(() -> reading.release(2))
        .then(stream::connect)
        .thenConsumeWhile(word -> !word.equals("CONNECTED"))
        .expectNext("CONNECTED")
        .then(() -> stream.tx().emitNext(Payload.utf8("-1"), (signal, result) -> true))
        .then(() -> Stage.await("the last message", () -> received(-1)))
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    List<Integer> all = new ArrayList<>();
    received.forEach(all::addAll);
    all.removeIf(number -> number < 0);
    assertThat(all).doesNotHaveDuplicates();
    // What was on its way may have arrived or not: the application was told so.
    all.addAll(discarded);
    assertThat(new TreeSet<>(all)).hasSize(accepted.get());
  }

  private boolean received(int number) {
    return received.stream().anyMatch(numbers -> numbers.contains(number));
  }

  private static void fill(SecureStream stream, AtomicInteger accepted) {
    String padding = " ".repeat(16 * 1024);
    while (stream.tx().tryEmitNext(Payload.utf8(accepted.get() + padding)).isSuccess()) {
      accepted.incrementAndGet();
    }
  }

  private SecureStream stream(int port) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r5", 5, 5)
            .client("it", "ws", port, "'nailed_up':true,'retry':'r5'");
    return stage.streams(policy).open("it");
  }
}
