package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Peers and applications that are faster than the other side: memory stays bounded, both ways. */
@ExtendWith(LeakCheck.class)
class FloodIT {

  private static final Authority CA = Authority.named("flood");
  private static final int PIECE = 16 * 1024;

  /** What a peer would send: many times what may be under way. */
  private static final long FLOOD = 48L * 1024 * 1024;

  /** What may be under way to a stream that does not read: socket buffers, and little of ours. */
  private static final long MOST_UNREAD = 12L * 1024 * 1024;

  /** What an application may put under way to a peer that does not read. */
  private static final long MOST_UNSENT = 24L * 1024 * 1024;

  private static final int STILL_MS = 300;

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}, TLS {1}")
  @CsvSource({"h1, false", "h1, true", "ws, false", "ws, true"})
  void aPeerStallsWhileNobodyAsksForEventsAndLosesNothing(String protocol, boolean tls) {
    // Given
    AtomicLong sent = new AtomicLong();
    RawPeer peer = stage.with(new RawPeer(sockets(tls), talk -> flood(talk, protocol, sent)));
    SecureStream stream = stream(protocol, peer.port(), tls);
    AtomicLong received = new AtomicLong();
    AtomicLong seenWhileStalled = new AtomicLong();

    // When: CREATING, CONNECTING, CONNECTED, and one piece are asked for.
    StepVerifier.FirstStep<Long> pieces =
        StepVerifier.create(
            stream
                .events()
                .doOnNext(
                    event -> {
                      if (event instanceof PayloadEvent piece) {
                        received.addAndGet(piece.payload().size());
                      }
                    })
                .map(event -> received.get())
                .takeUntil(bytes -> bytes == FLOOD),
            0);

    // Then
    pieces
        .thenRequest(1)
        .expectNextCount(1)
        .then(stream::connect)
        .thenRequest(3)
        .expectNextCount(3)
        .then(() -> seenWhileStalled.set(stalledAt(sent::get)))
        .then(() -> assertThat(received.get()).isBetween(1L, 128L * 1024))
        .thenRequest(Long.MAX_VALUE)
        .thenConsumeWhile(bytes -> bytes < FLOOD)
        .expectNext(FLOOD)
        .expectComplete()
        .verify(SOON);
    assertThat(seenWhileStalled.get()).isLessThan(MOST_UNREAD);
  }

  @ParameterizedTest(name = "TLS {0}")
  @CsvSource({"false", "true"})
  void aFullSinkSaysSoAndLosesNoMessageThatItTook(boolean tls) {
    // Given
    CountDownLatch reading = new CountDownLatch(1);
    List<Integer> numbers = new CopyOnWriteArrayList<>();
    RawPeer peer =
        stage.with(
            new RawPeer(
                sockets(tls),
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  await(reading);
                  for (WsWire.Frame frame = wire.read();
                      frame.opcode() == WsWire.BINARY;
                      frame = wire.read()) {
                    numbers.add(ByteBuffer.wrap(frame.payload()).getInt());
                  }
                }));
    SecureStream stream = stream("ws", peer.port(), tls);
    List<Integer> accepted = new ArrayList<>();
    List<Sinks.EmitResult> refused = new ArrayList<>();

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .then(() -> emitUntilRefused(stream, accepted, refused))
        .then(reading::countDown)
        .then(() -> Stage.await("all messages", () -> numbers.size() == accepted.size()))
        .thenCancel()
        .verify(SOON);
    assertThat(refused).containsExactly(Sinks.EmitResult.FAIL_OVERFLOW);
    assertThat((long) accepted.size() * PIECE).isLessThan(MOST_UNSENT);
    assertThat(numbers).isEqualTo(accepted);
  }

  @Test
  void aFullSinkTakesMessagesAgainWhenThePeerReads() {
    // Given
    AtomicLong read = new AtomicLong();
    CountDownLatch reading = new CountDownLatch(1);
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  await(reading);
                  while (wire.read().opcode() == WsWire.BINARY) {
                    read.incrementAndGet();
                  }
                }));
    SecureStream stream = stream("ws", peer.port(), false);
    List<Integer> accepted = new ArrayList<>();
    List<Sinks.EmitResult> refused = new ArrayList<>();

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .then(() -> emitUntilRefused(stream, accepted, refused))
        .then(reading::countDown)
        .then(() -> stream.tx().emitNext(numbered(-1), (signal, result) -> true))
        .then(() -> Stage.await("all messages", () -> read.get() == accepted.size() + 1))
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void transactionsThatWaitAreBoundedToo() {
    // Given
    RawPeer peer = stage.with(new RawPeer(Conversation::drain));
    SecureStream stream = stream("h1", peer.port(), false);
    List<Integer> accepted = new ArrayList<>();
    List<Sinks.EmitResult> refused = new ArrayList<>();

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING")
        .then(() -> emitUntilRefused(stream, accepted, refused))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(refused).containsExactly(Sinks.EmitResult.FAIL_OVERFLOW);
    assertThat(accepted).hasSize(256);
  }

  @Test
  void statesThatNobodyTakesStopTheAttemptsNotTheMachine() {
    // Given: every attempt fails at once, and nobody asks for events.
    RawPeer peer = stage.with(new RawPeer(talk -> {}));
    SecureStream stream = stream("h1", peer.port(), false);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of), 0);

    // Then: of every attempt at least two states wait, and 64 may.
    events
        .thenRequest(1)
        .expectNext("CREATING")
        .then(stream::connect)
        .then(() -> stalledAt(() -> peer.connections()))
        .then(() -> assertThat(peer.connections()).isBetween(10, 33))
        .thenRequest(100)
        .expectNextCount(100)
        .thenCancel()
        .verify(SOON);
  }

  private static void emitUntilRefused(
      SecureStream stream, List<Integer> accepted, List<Sinks.EmitResult> refused) {
    while (refused.isEmpty()) {
      Sinks.EmitResult result = stream.tx().tryEmitNext(numbered(accepted.size()));
      if (result.isSuccess()) {
        accepted.add(accepted.size());
      } else {
        refused.add(result);
      }
    }
  }

  private static Payload numbered(int number) {
    return Payload.wrap(ByteBuffer.allocate(PIECE).putInt(number).array());
  }

  private static void flood(Conversation talk, String protocol, AtomicLong sent)
      throws IOException {
    if (protocol.equals("h1")) {
      talk.head();
      talk.write(("HTTP/1.1 200 OK\r\ncontent-length: " + FLOOD + "\r\n\r\n").getBytes(US_ASCII));
      for (long done = 0; done < FLOOD; done += PIECE) {
        talk.write(new byte[PIECE]);
        sent.addAndGet(PIECE);
      }
    } else {
      WsWire wire = WsWire.accepted(talk);
      for (long done = 0; done < FLOOD; done += PIECE) {
        wire.frame(WsWire.BINARY, true, new byte[PIECE]);
        sent.addAndGet(PIECE);
      }
    }
    talk.drain();
  }

  /** Waits until a count has not moved for a while. */
  private static long stalledAt(LongSupplier count) {
    long[] last = {-1, System.nanoTime()};
    Stage.await(
        "a count that stands still",
        () -> {
          long now = count.getAsLong();
          if (now != last[0] || now == 0) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > STILL_MS * 1_000_000L;
        });
    return last[0];
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ServerSocketFactory sockets(boolean tls) {
    return tls
        ? CA.issue("localhost").serverContext().getServerSocketFactory()
        : ServerSocketFactory.getDefault();
  }

  private SecureStream stream(String protocol, int port, boolean tls) {
    String security = tls ? ",'tls':true,'tls_trust_store':'ours'" : "";
    String more = protocol.equals("h1") ? ",'http_method':'GET'" : ",'ws_binary':true";
    TestPolicy policy =
        new TestPolicy()
            .retry("forever", 65535, 1)
            .trust("ours", CA)
            .client(
                "it", protocol, port, "'opportunistic':true,'retry':'forever'" + more + security);
    return stage.streams(policy).open("it");
  }
}
