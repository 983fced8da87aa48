package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.NO_SCHEME;
import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.NAILED_UP;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stream's own timer. */
class TimerTest {

  @Test
  void attemptGoesOnWhenTheHandlerSaysOk() {
    Drive drive =
        Drive.http(R2)
            .play(
                """
                create start_timeout(0) request_tx -> CREATING POLL CONNECTING
                timer                              -> TIMEOUT
                up ack                             -> CONNECTED QOS_ACK_REMOTE DISCONNECTED POLL CONNECTING
                """);
    assertThat(drive.timeoutMs()).isNegative();
  }

  @Test
  void attemptFailsWhenTheHandlerDisconnects() {
    Drive drive =
        Drive.http(R2)
            .play(
                """
                create start_timeout(0) request_tx    -> CREATING POLL CONNECTING
                TIMEOUT=DISCONNECT_ME timer           -> TIMEOUT UNREACHABLE
                wake                                  -> POLL CONNECTING
                """);
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.last(StreamState.UNREACHABLE).failureKind()).contains(FailureKind.TIMEOUT);
  }

  @Test
  void streamEndsWhenTheHandlerDestroys() {
    Drive.http(R2)
        .play(
            "create start_timeout(0) request_tx TIMEOUT=DESTROY_ME timer -> CREATING POLL CONNECTING TIMEOUT DESTROYING");
  }

  @Test
  void connectionIsClosedWhenTheHandlerDisconnects() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect up start_timeout(5)");
    drive.seen();
    drive.play("TIMEOUT=DISCONNECT_ME timer -> TIMEOUT DISCONNECTED");
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.now().phase()).isEqualTo(Phase.WAIT);
  }

  @Test
  void expiryDuringBackoffLeavesTheRestOfTheWait() {
    for (String result : new String[] {"OK", "DISCONNECT_ME", "TX_DONT_SEND"}) {
      Drive drive = Drive.http(R2).does("create request_tx start_timeout(100) fail");
      drive.seen();
      drive.play("TIMEOUT=" + result + " timer -> TIMEOUT");
      assertThat(drive.retryMs()).isEqualTo(200);
      drive.play("wake -> POLL CONNECTING");
    }
  }

  @Test
  void expiryWhileIdle() {
    Drive.http(R2)
        .play(
            """
            create start_timeout(1) TIMEOUT=DISCONNECT_ME timer -> CREATING TIMEOUT
            start_timeout(1) timer connect -> TIMEOUT CONNECTING
            """);
  }

  @Test
  void failureAfterExpiryStillEndsTheSeries() {
    Drive.http(R0)
        .play(
            "create start_timeout(1) request_tx timer fail -> CREATING POLL CONNECTING TIMEOUT UNREACHABLE ALL_RETRIES_FAILED");
    Drive.http(R0)
        .play(
            "create start_timeout(1) request_tx timer auth -> CREATING POLL CONNECTING TIMEOUT AUTH_FAILED ALL_RETRIES_FAILED");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // situation, http, reconnects, words, whether the timer still runs
    "acknowledged, true, false, connect up ack, false",
    "refused, true, false, connect up nack, false",
    "cut, true, false, connect up drop, false",
    "cut before a backoff, true, true, connect up drop, true",
    "acknowledged on a session, false, false, connect up ack, false",
    "session dropped, false, false, connect up drop, false",
    "session dropped before a backoff, false, true, connect up drop, false",
    "attempt failed, true, false, connect fail, true",
    "next attempt, true, false, connect fail wake, true",
    "connected again, false, true, connect fail wake up, true",
    "disconnect, true, true, connect up disconnect, false",
    "cancelled, true, true, cancel_timeout, false"
  })
  void whatStopsTheTimer(
      String situation, boolean http, boolean reconnects, String words, boolean runs) {
    LifecycleProfile.Trait[] traits =
        reconnects ? new LifecycleProfile.Trait[] {RECONNECTS} : new LifecycleProfile.Trait[0];
    Drive drive = http ? Drive.http(R2, traits) : Drive.session(R2, traits);
    drive.does("create start_timeout(9000) " + words);
    assertThat(drive.timeoutMs() > 0).isEqualTo(runs);
    assertThat(drive.now().timerRuns()).isEqualTo(runs);
  }

  @Test
  void zeroTakesThePolicysTimeAndLeavesTheTimerAloneIfThereIsNone() {
    Drive policy = Drive.http(R0).does("create start_timeout(0)");
    assertThat(policy.timeoutMs()).isEqualTo(300);
    assertThat(policy.does("start_timeout(7)").timeoutMs()).isEqualTo(7);

    Drive none =
        Drive.of(
            Lifecycle.client(new LifecycleProfile(Role.CLIENT, Set.of(NAILED_UP), NO_SCHEME, 0)));
    assertThat(none.does("create start_timeout(0)").timeoutMs()).isNegative();
    assertThat(none.does("start_timeout(7) start_timeout(0)").timeoutMs()).isEqualTo(7);
  }

  @Test
  void expiryIsReportedOnce() {
    Drive.http(R0)
        .play("create start_timeout(1) timer stale_timer cancel_timeout -> CREATING TIMEOUT");
  }

  @Test
  void negativeTimeIsRefused() {
    Lifecycle lifecycle = Lifecycle.client(Drive.profile(Role.CLIENT, R0));
    assertThatIllegalArgumentException().isThrownBy(() -> lifecycle.timeoutStarted(-1));
  }
}
