package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsPeer;
import io.securestreams.reactor.testing.WsWire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** WebSockets that come, carry messages, go and come back: what is reported, in which order. */
@ExtendWith(LeakCheck.class)
class WsSequencesIT {

  private static final int RETURNS = 5;

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void aMessageGoesOutAndComesBackUntilThePeerCloses() {
    // Given
    WsPeer peer = stage.with(WsPeer.echo());
    SecureStream stream = stream(peer.port(), "'opportunistic':true");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(() -> stream.tx().tryEmitNext(Payload.utf8("hello")).orThrow())
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(5,SOM|EOM)")
        .then(() -> peer.connection().close(1000))
        .expectNext("DISCONNECTED")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.closeCode()).isEqualTo(1000);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"drops the connection", "resets it", "says goodbye"})
  void aStreamThatIsNailedUpComesBackEveryTime(String way) {
    // Given
    Semaphore end = new Semaphore(0);
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  end.acquireUninterruptibly();
                  switch (way) {
                    case "resets it" -> talk.reset();
                    case "says goodbye" -> {
                      wire.close(1001);
                      assertThat(wire.message().opcode()).isEqualTo(WsWire.CLOSE);
                    }
                    default -> talk.socket().close();
                  }
                }));
    SecureStream stream = stream(peer.port(), "'nailed_up':true,'retry':'r2'");

    // When
    StepVerifier.Step<String> events =
        StepVerifier.create(words(stream)).expectNext("CREATING", "CONNECTING", "CONNECTED");

    // Then: each success starts the counter anew, so there are more returns than retries.
    for (int i = 0; i < RETURNS; i++) {
      events =
          events.then(end::release).expectNext("DISCONNECTED", "POLL", "CONNECTING", "CONNECTED");
    }
    events
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(RETURNS + 1);
    assertThat(peer.failures()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "'nailed_up':true",
        "'nailed_up':true,'retry':'r0'",
        "'nailed_up':true,'opportunistic':true,'retry':'r2'",
      })
  void aStreamThatDoesNotComeBackStaysIdleAfterADrop(String members) {
    // Given
    Semaphore end = new Semaphore(0);
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire.accepted(talk);
                  end.acquireUninterruptibly();
                }));
    SecureStream stream = stream(peer.port(), members);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then: a connect of our own shows that nothing came in between.
    events
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(end::release)
        .expectNext("DISCONNECTED")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void aFragmentedMessageKeepsItsFrames() {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  wire.frame(WsWire.TEXT, false, "one".getBytes(UTF_8));
                  wire.frame(WsWire.CONTINUATION, false, "two".getBytes(UTF_8));
                  wire.frame(WsWire.PING, true, new byte[0]);
                  wire.frame(WsWire.CONTINUATION, true, "six".getBytes(UTF_8));
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(3,SOM)", "rx(3,-)", "rx(3,EOM)")
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void aPeerThatNeverAnswersPingsIsHungUpOnAndTriedAgain() {
    // Given
    List<Integer> opcodes = new CopyOnWriteArrayList<>();
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  while (talk.number() == 1) {
                    opcodes.add(wire.read().opcode());
                  }
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'nailed_up':true,'retry':'short_lived'");
    long[] up = new long[1];

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    Duration took =
        events
            .expectNext("CREATING", "CONNECTING", "CONNECTED")
            .then(() -> up[0] = System.nanoTime())
            .expectNext("DISCONNECTED")
            .then(() -> up[0] = System.nanoTime() - up[0])
            .expectNext("POLL", "CONNECTING", "CONNECTED")
            .thenCancel()
            .verify(SOON);
    assertThat(took).isGreaterThan(Duration.ofSeconds(2));
    assertThat(Duration.ofNanos(up[0])).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(10));
    assertThat(opcodes).containsExactly(WsWire.PING);
  }

  @Test
  void aPeerThatAnswersPingsIsKeptLongerThanTheHangup() {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  for (int pings = 0; pings < 3; pings++) {
                    WsWire.Frame frame = wire.read();
                    assertThat(frame.opcode()).isEqualTo(WsWire.PING);
                    wire.frame(WsWire.PONG, true, frame.payload());
                  }
                  wire.text("alive");
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'nailed_up':true,'retry':'short_lived'");

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(words(stream));

    // Then
    Duration took =
        events
            .expectNext("CREATING", "CONNECTING", "CONNECTED", "rx(5,SOM|EOM)")
            .thenCancel()
            .verify(SOON);
    assertThat(took).isGreaterThan(Duration.ofSeconds(2));
  }

  private SecureStream stream(int port, String members) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r0", 0, 10)
            .retry("r2", 2, 10)
            .retry("short_lived", "'backoff':[10],'conceal':2,'svalidping':1,'svalidhup':2")
            .client("it", "ws", port, members);
    return stage.streams(policy).open("it");
  }

  private static Flux<String> words(SecureStream stream) {
    return stream.events().map(Words::of);
  }
}
