package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsPeer;
import io.securestreams.reactor.testing.WsWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** WebSocket messages of every size and of every fault, each with its one outcome. */
@ExtendWith(LeakCheck.class)
class WsMessagesIT {

  private static final int FRAME_LIMIT = 1000;
  private static final int MESSAGE_LIMIT = 2500;
  private static final int MEBIBYTE = 1024 * 1024;

  private static final TransportSettings SMALL =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          16 * 1024,
          FRAME_LIMIT,
          MESSAGE_LIMIT);

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, MEBIBYTE})
  void aMessageComesBackAsItWas(int size) {
    // Given
    byte[] message = bytes(size);
    WsPeer peer = stage.with(WsPeer.echo());
    SecureStream stream = stream(peer.port(), "'ws_binary':true", TransportSettings.DEFAULTS);
    ByteArrayOutputStream echoed = new ByteArrayOutputStream();
    List<String> flags = new CopyOnWriteArrayList<>();

    // When
    Flux<PayloadEvent> pieces =
        stream
            .events()
            .ofType(PayloadEvent.class)
            .doOnNext(piece -> echoed.writeBytes(piece.payload().bytes()))
            .doOnNext(piece -> flags.add(piece.flags().toString()))
            .takeUntil(piece -> piece.flags().eom());

    // Then
    StepVerifier.create(
            pieces.then().doFirst(() -> stream.tx().tryEmitNext(Payload.of(message)).orThrow()))
        .expectComplete()
        .verify(SOON);
    assertThat(echoed.toByteArray()).isEqualTo(message);
    assertThat(flags.get(0)).startsWith("SOM");
    assertThat(flags.get(flags.size() - 1)).endsWith("EOM");
    assertThat(flags.stream().filter(flag -> flag.contains("SOM"))).hasSize(1);
    assertThat(flags.stream().filter(flag -> flag.contains("EOM"))).hasSize(1);
  }

  static Stream<Arguments> faults() {
    byte[] half = {(byte) 0xe2, (byte) 0x82};
    return Stream.of(
        fault(
            "text that is not UTF-8",
            FailureKind.PROTOCOL,
            1007,
            w -> w.frame(WsWire.TEXT, true, new byte[] {'a', (byte) 0xff})),
        fault(
            "a message that ends inside a character",
            FailureKind.PROTOCOL,
            1007,
            w -> w.frame(WsWire.TEXT, true, half)),
        fault(
            "fragments that are not UTF-8 together",
            FailureKind.PROTOCOL,
            1007,
            w -> {
              w.frame(WsWire.TEXT, false, half);
              w.frame(WsWire.CONTINUATION, true, "x".getBytes(UTF_8));
            }),
        fault(
            "a frame above the limit",
            FailureKind.LIMIT,
            1009,
            w -> w.frame(WsWire.BINARY, true, new byte[FRAME_LIMIT + 1])),
        fault(
            "a frame that announces 2^62 bytes",
            FailureKind.LIMIT,
            1009,
            w -> w.announce(WsWire.BINARY, 1L << 62)),
        fault(
            "a message above the limit",
            FailureKind.LIMIT,
            1009,
            w -> {
              w.frame(WsWire.BINARY, false, new byte[FRAME_LIMIT]);
              w.frame(WsWire.CONTINUATION, false, new byte[FRAME_LIMIT]);
              w.frame(WsWire.CONTINUATION, true, new byte[FRAME_LIMIT]);
            }),
        fault(
            "a continuation of nothing",
            FailureKind.PROTOCOL,
            1002,
            w -> w.frame(WsWire.CONTINUATION, true, new byte[1])),
        fault(
            "a message inside a message",
            FailureKind.PROTOCOL,
            1002,
            w -> {
              w.frame(WsWire.TEXT, false, "a".getBytes(UTF_8));
              w.frame(WsWire.TEXT, true, "b".getBytes(UTF_8));
            }),
        fault(
            "an opcode that does not exist",
            FailureKind.PROTOCOL,
            1002,
            w -> w.frame(3, true, new byte[1])),
        fault(
            "a ping in fragments",
            FailureKind.PROTOCOL,
            1002,
            w -> w.frame(WsWire.PING, false, new byte[1])),
        fault(
            "a ping of 126 bytes",
            FailureKind.PROTOCOL,
            1002,
            w -> w.frame(WsWire.PING, true, new byte[126])),
        fault(
            "a close code that must not be sent", FailureKind.PROTOCOL, 1002, w -> w.close(1005)));
  }

  private interface Sending {
    void send(WsWire wire) throws IOException;
  }

  private static Arguments fault(String name, FailureKind kind, int code, Sending sending) {
    return Arguments.of(name, kind, code, sending);
  }

  @ParameterizedTest(name = "{0}: {1}, close code {2}")
  @MethodSource("faults")
  void aViolationEndsTheConnectionAndThePeerIsToldWhy(
      String name, FailureKind kind, int code, Sending sending) {
    // Given
    CompletableFuture<Integer> told = new CompletableFuture<>();
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  sending.send(wire);
                  told.complete(wire.message().closeCode());
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true", SMALL);

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream.events().map(Words::withKind).filter(word -> !word.startsWith("rx(")));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "DISCONNECTED[" + kind + "]")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(told.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join()).isEqualTo(code);
  }

  @Test
  void nothingOfAFrameThatIsNotUtf8IsDelivered() {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  wire.text("good");
                  wire.frame(WsWire.TEXT, true, new byte[] {(byte) 0xc0, (byte) 0x80});
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true", SMALL);

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(4,SOM|EOM)", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void aMessageInPiecesIsSentAsMaskedFramesOfOneMessage() {
    // Given
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  WsWire wire = WsWire.accepted(talk);
                  List<String> frames = new CopyOnWriteArrayList<>();
                  WsWire.Frame frame;
                  do {
                    frame = wire.read();
                    assertThat(frame.masked()).isTrue();
                    frames.add(frame.opcode() + " " + frame.fin() + " " + frame.text());
                  } while (!frame.fin());
                  seen.complete(frames);
                  talk.drain();
                }));
    SecureStream stream = stream(peer.port(), "'opportunistic':true", SMALL);
    Flux<Payload> pieces = Flux.just("one", "two", "three").map(Payload::utf8);

    // When
    StepVerifier.FirstStep<Object> sending =
        StepVerifier.create(
            Flux.merge(
                stream.events().ignoreElements(),
                stream.tx().send(pieces).doFinally(end -> stream.destroy())));

    // Then
    sending.expectComplete().verify(SOON);
    List<String> frames = seen.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(String.join("|", frames).replace("0 true ", "").replace("0 false ", ""))
        .startsWith("1 false one|two|three");
    assertThat(frames.get(frames.size() - 1)).startsWith("0 true ");
  }

  @Test
  void aMessageThatIsNoTextFailsAndLeavesTheConnectionAlone() {
    // Given
    WsPeer peer = stage.with(WsPeer.echo());
    SecureStream stream = stream(peer.port(), "'nailed_up':true,'retry':'r2'", SMALL);
    Payload broken = Payload.of(new byte[] {'a', (byte) 0xff});
    AtomicReference<Throwable> refusal = new AtomicReference<>();

    // When
    StepVerifier.FirstStep<String> events = StepVerifier.create(stream.events().map(Words::of));

    // Then
    events
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(() -> stream.tx().send(broken).subscribe(sent -> {}, refusal::set))
        .then(() -> stream.tx().tryEmitNext(Payload.utf8("fine")).orThrow())
        .expectNext("rx(4,SOM|EOM)")
        .thenCancel()
        .verify(SOON);
    assertThat(refusal.get()).hasMessageContaining("'it'").hasMessageContaining("no UTF-8");
  }

  private SecureStream stream(int port, String members, TransportSettings settings) {
    TestPolicy policy = new TestPolicy().retry("r2", 2, 10).client("it", "ws", port, members);
    return stage.streams(policy, builder -> builder.settings(settings)).open("it");
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }
}
