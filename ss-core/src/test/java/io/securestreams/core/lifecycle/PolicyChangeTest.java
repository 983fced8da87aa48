package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.NAILED_UP;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.BugException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StreamState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream does when the policy under it changes, or drops it. */
class PolicyChangeTest {

  @Test
  void waitForTheNextAttemptIsOver() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect fail fail");
    drive.seen();

    drive.changed(R2, RECONNECTS);

    assertThat(drive.seen()).isEqualTo("POLL CONNECTING");
    assertThat(drive.retryMs()).isNegative();
    drive.play("fail -> UNREACHABLE");
    assertThat(drive.last().attempt()).as("a series of its own").isEqualTo(1);
  }

  @Test
  void idleStreamStaysIdle() {
    Drive drive = Drive.session(R2).does("create connect up disconnect");
    drive.seen();

    drive.changed(R2, NAILED_UP);

    assertThat(drive.seen()).isEmpty();
  }

  @Test
  void nailedUpStreamThatGaveUpTriesAgain() {
    Drive drive = Drive.session(R0, NAILED_UP).does("create fail");
    assertThat(drive.seen()).endsWith("ALL_RETRIES_FAILED");

    drive.changed(R0, NAILED_UP);

    assertThat(drive.seen()).isEqualTo("POLL CONNECTING");
  }

  @Test
  void otherStreamThatGaveUpDoesNot() {
    Drive drive = Drive.session(R0).does("create connect fail");
    drive.seen();

    drive.changed(R0, RECONNECTS);

    assertThat(drive.seen()).isEmpty();
  }

  @Test
  void newFactsHoldForWhatFollows() {
    Drive drive = Drive.session(R0, RECONNECTS).does("create");
    drive.changed(R2, RECONNECTS);
    drive.seen();

    drive.play("connect fail -> CONNECTING UNREACHABLE");

    assertThat(drive.last().willRetry()).isTrue();
  }

  @Test
  void factsOfAnAcceptedStreamKeepItsRole() {
    Drive drive = Drive.accepted().does("create");
    drive.changed(R2, NAILED_UP);
    assertThat(drive.now().profile().role()).isEqualTo(LifecycleProfile.Role.ACCEPTED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "session, false, create connect up, DISCONNECTED POLL CONNECTING",
    "session during the attempt, false, create connect, DISCONNECTED POLL CONNECTING",
    "transaction during the attempt, true, create connect, DISCONNECTED POLL CONNECTING",
    "answered transaction that nobody waits for, true, create connect up, DISCONNECTED",
    "answered transaction with another wish, true, create connect up request_tx,"
        + " DISCONNECTED POLL CONNECTING",
    "backoff, false, create connect fail, ''",
    "idle, false, create, ''",
  })
  void opportunisticMove(String situation, boolean transactional, String words, String seen) {
    Drive drive = (transactional ? Drive.http(R2) : Drive.session(R2)).does(words);
    drive.seen();

    drive.play("moved -> " + seen);

    assertThat(drive.closed()).isEqualTo(seen.isEmpty() ? 0 : 1);
  }

  @Test
  void transactionThatReconnectsComesBack() {
    Drive drive = Drive.http(R2, RECONNECTS).does("create connect up");
    drive.seen();
    drive.play("moved -> DISCONNECTED POLL CONNECTING");
  }

  @Test
  void moveSaysWhyAndDoesNotCountAsFailure() {
    Drive drive = Drive.session(R0).does("create connect up moved");

    assertThat(drive.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.POLICY);
    assertThat(drive.last(StreamState.DISCONNECTED).attempt()).isZero();
    assertThat(drive.last(StreamState.DISCONNECTED).willRetry()).isTrue();
    assertThat(drive.last(StreamState.DISCONNECTED).nextDelay()).isEqualTo(Duration.ZERO);
    assertThat(drive.opened()).isEqualTo(2);
  }

  @Test
  void transactionThatMustNotBeSentAgainIsOver() {
    Drive drive = Drive.http(R2, RECONNECTS).does("create connect");
    drive.seen();
    drive.play("moved_sent -> DISCONNECTED");
    assertThat(drive.last().willRetry()).isFalse();

    drive.play("connect request_tx -> CONNECTING");
    drive.play("moved_sent -> DISCONNECTED POLL CONNECTING");
  }

  @Test
  void handlerMayRefuseToMove() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect up");
    drive.seen();
    drive.play("DISCONNECTED=DISCONNECT_ME moved -> DISCONNECTED");
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void moveStopsTheTimerOfASession() {
    Drive drive = Drive.session(R2).does("create connect up start_timeout(9)");
    drive.does("moved");
    assertThat(drive.timeoutMs()).isNegative();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "never created, '', CREATING DESTROYING",
    "idle, create, DESTROYING",
    "connecting, create connect, DESTROYING",
    "backoff, create connect fail, DESTROYING",
    "connected, create connect up, DISCONNECTED DESTROYING",
  })
  void withdrawnWhile(String situation, String words, String seen) {
    Drive drive = Drive.session(R2, RECONNECTS).does(words);
    drive.seen();

    drive.play("withdrawn withdrawn destroy -> " + seen);

    assertThat(drive.last().failureKind()).contains(FailureKind.POLICY);
    assertThat(drive.last().failure().orElseThrow().detail()).isEqualTo("a new policy");
    assertThat(drive.last().willRetry()).isFalse();
    assertThat(drive.released()).isEqualTo(1);
  }

  @Test
  void withdrawnConnectionSaysWhyInBothStates() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect up withdrawn");
    assertThat(drive.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.POLICY);
  }

  @Test
  void listenerAndAcceptedStreamAreWithdrawnToo() {
    assertThat(Drive.listener().does("create withdrawn").last().failureKind())
        .contains(FailureKind.POLICY);
    Drive accepted = Drive.accepted().does("create up withdrawn");
    assertThat(accepted.seen()).isEqualTo("CREATING CONNECTING CONNECTED DISCONNECTED DESTROYING");
  }

  @Test
  void changeWhileAnAnswerIsAwaitedIsABug() {
    Lifecycle waiting =
        Lifecycle.client(Drive.profile(LifecycleProfile.Role.CLIENT, R2)).create().next();
    assertThatThrownBy(() -> waiting.withdrawn(Drive.REPLACED)).isInstanceOf(BugException.class);
  }
}
