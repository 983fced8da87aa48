package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Messages that were accepted and cannot be delivered: whoever gave them is told. */
@ExtendWith(LeakCheck.class)
class LostMessagesIT {

  private static final int MANY = 40;

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void messagesThatNobodyCouldTakeFailWithTheSeries(String protocol) {
    // Given
    SecureStream stream = stream(protocol, DeadEnds.refusing());
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Payload> discarded = new CopyOnWriteArrayList<>();

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream.events().map(Words::of).doOnDiscard(Payload.class, discarded::add));

    // Then
    events
        .expectNext("CREATING")
        .then(() -> stream.tx().send(Payload.utf8("one")).subscribe(v -> {}, failures::add))
        .then(() -> stream.tx().tryEmitNext(Payload.utf8("two")).orThrow())
        .then(() -> stream.tx().send(Payload.utf8("three")).subscribe(v -> {}, failures::add))
        .thenConsumeWhile(word -> !word.equals("ALL_RETRIES_FAILED"))
        .expectNext("ALL_RETRIES_FAILED")
        .thenCancel()
        .verify(SOON);
    assertThat(failures)
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        StreamFailedException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.CONNECT)));
    assertThat(discarded).extracting(Payload::utf8).containsExactly("two");
    assertThat(stream.tx().discarded()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aMessageEmittedFromInsideTheEndOfASeriesBeginsAnAttempt(String protocol) {
    // Given
    SecureStream stream = stream(protocol, DeadEnds.refusing());
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    AtomicInteger ends = new AtomicInteger();

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream
                .events()
                .map(Words::of)
                .doOnNext(
                    word -> {
                      if (word.equals("ALL_RETRIES_FAILED") && ends.incrementAndGet() == 1) {
                        stream.tx().send(Payload.utf8("again")).subscribe(v -> {}, failures::add);
                      }
                    }));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .thenConsumeWhile(word -> !word.equals("ALL_RETRIES_FAILED"))
        .expectNext("ALL_RETRIES_FAILED")
        .expectNext("POLL", "CONNECTING", "UNREACHABLE", "ALL_RETRIES_FAILED")
        .then(() -> Stage.await("the message's failure", () -> failures.size() == 1))
        .thenCancel()
        .verify(SOON);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aSendThatIsRepeatedGetsAnAttemptForEachRepetition(String protocol) {
    // Given
    SecureStream stream = stream(protocol, DeadEnds.refusing());
    AtomicInteger failures = new AtomicInteger();

    // When
    Mono<Void> sending =
        stream.tx().send(Payload.utf8("again")).doOnError(e -> failures.incrementAndGet()).retry(2);

    // Then: the first series has its retries; afterwards tx is good for one attempt each.
    String single = " POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED";
    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(() -> sending.subscribe(v -> {}, e -> stream.destroy()))
        .expectNext("POLL", "CONNECTING")
        .thenConsumeWhile(word -> !word.equals("ALL_RETRIES_FAILED"))
        .expectNext("ALL_RETRIES_FAILED")
        .expectNext(single.repeat(2).trim().split(" "))
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(failures).hasValue(3);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void destructionFailsEverythingThatWaits(String protocol) {
    // Given
    RawPeer peer = stage.with(new RawPeer(RawPeer.Conversation::drain));
    SecureStream stream = stream(protocol, peer.port());
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Payload> discarded = new CopyOnWriteArrayList<>();

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream.events().map(Words::of).doOnDiscard(Payload.class, discarded::add));

    // Then
    events
        .expectNext("CREATING")
        .then(
            () -> {
              for (int i = 0; i < MANY; i++) {
                stream.tx().send(Payload.utf8("sent")).subscribe(v -> {}, failures::add);
                stream.tx().tryEmitNext(Payload.utf8("emitted")).orThrow();
              }
            })
        .expectNext("POLL", "CONNECTING")
        .then(() -> Stage.await("the connection", () -> peer.connections() == 1))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(failures).hasSize(MANY);
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfAny(StreamClosedException.class, StreamFailedException.class));
    assertThat(discarded).hasSize(MANY);
    assertThat(stream.tx().tryEmitNext(Payload.utf8("late")).isFailure()).isTrue();
    StepVerifier.create(stream.tx().send(Payload.utf8("late")))
        .expectError(StreamClosedException.class)
        .verify(SOON);
  }

  private SecureStream stream(String protocol, int port) {
    String method = protocol.equals("h1") ? ",'http_method':'POST'" : "";
    TestPolicy policy =
        new TestPolicy()
            .retry("r3", 3, 10, 10, 300)
            .client("it", protocol, port, "'opportunistic':true,'retry':'r3'" + method);
    return stage.streams(policy).open("it");
  }
}
