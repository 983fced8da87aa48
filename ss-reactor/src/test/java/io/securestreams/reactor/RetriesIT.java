package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** The waits of a series, and the ways to fail before there is a connection. */
@ExtendWith(LeakCheck.class)
class RetriesIT {

  private static final int ATTEMPTS = 3;

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aRefusedConnectionIsTriedAgainAfterEachBackoff(String protocol) {
    // Given
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", "'backoff':[200],'conceal':2,'jitterpc':20")
            .client("it", protocol, DeadEnds.refusing(), "'retry':'r2'" + request(protocol));
    SecureStream stream = stage.streams(policy).open("it");
    List<Moment> moments = new CopyOnWriteArrayList<>();

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(
            stream
                .events()
                .doOnNext(event -> moments.add(new Moment(event, System.nanoTime())))
                .map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext(Words.failing("POLL CONNECTING", FailureKind.CONNECT, ATTEMPTS))
        .thenCancel()
        .verify(SOON);
    List<Moment> failures = moments.stream().filter(Moment::isUnreachable).toList();
    List<Moment> polls = moments.stream().filter(Moment::isPoll).toList();
    for (int i = 0; i < ATTEMPTS - 1; i++) {
      StateEvent failure = (StateEvent) failures.get(i).event();
      assertThat(failure.nextDelay()).isBetween(Duration.ofMillis(200), Duration.ofMillis(239));
      assertThat(failure.willRetry()).isTrue();
      assertThat(failure.attempt()).isEqualTo(i + 1);
      assertThat(Duration.ofNanos(polls.get(i + 1).nanos() - failures.get(i).nanos()))
          .isGreaterThanOrEqualTo(failure.nextDelay());
    }
    assertThat(((StateEvent) failures.get(ATTEMPTS - 1).event()).willRetry()).isFalse();
  }

  private record Moment(StreamEvent event, long nanos) {

    boolean isUnreachable() {
      return is(StreamState.UNREACHABLE);
    }

    boolean isPoll() {
      return is(StreamState.POLL);
    }

    private boolean is(StreamState state) {
      return event instanceof StateEvent reached && reached.state() == state;
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aNameThatDoesNotExistIsAFailureOfTheResolver(String protocol) {
    // Given
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", ATTEMPTS - 1, 10).stream(
                "it",
                "'endpoint':'no-such-host.invalid','port':80,'protocol':'%s','retry':'r2'%s"
                    .formatted(protocol, request(protocol)));
    SecureStream stream = stage.streams(policy).open("it");

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.DNS, ATTEMPTS))
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void aNailedUpStreamWithoutRetryFailsOnceAndSaysSo() {
    // Given
    TestPolicy policy =
        new TestPolicy()
            .client("it", "h1", DeadEnds.refusing(), "'nailed_up':true,'http_method':'GET'");
    SecureStream stream = stage.streams(policy).open("it");

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .expectNext(Words.failing("CONNECTING", FailureKind.CONNECT, 1))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
  }

  private static String request(String protocol) {
    return protocol.equals("h1") ? ",'http_method':'GET'" : "";
  }
}
