package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.NO_SCHEME;
import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.NAILED_UP;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.retry.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of clients see, sequence by sequence as the reference shows it. */
class ClientSequencesTest {

  private static final String FAILS_THREE_TIMES =
      """
      fail -> UNREACHABLE
      wake -> POLL CONNECTING
      fail -> UNREACHABLE
      wake -> POLL CONNECTING
      fail -> UNREACHABLE ALL_RETRIES_FAILED
      """;

  @Test
  void getIsAnsweredWith200() {
    Drive drive =
        Drive.http(R0)
            .play(
                """
                create request_tx served           -> CREATING POLL CONNECTING
                up rx(7,SOM) rx(0,EOM)             -> CONNECTED rx(7,SOM) rx(0,EOM)
                ack                                -> QOS_ACK_REMOTE DISCONNECTED
                """);
    assertThat(drive.events()).allMatch(event -> event.failure().isEmpty());
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
  }

  @ParameterizedTest(name = "nailed up and reconnecting: {0}")
  @ValueSource(booleans = {false, true})
  void getIsAnsweredWith404AndNotRepeated(boolean eager) {
    Drive drive = eager ? Drive.http(R2, RECONNECTS, NAILED_UP) : Drive.http(R2);
    drive.does("create request_tx served up rx(3,SOM)").seen();
    drive.play("nack -> QOS_NACK_REMOTE DISCONNECTED");
    assertThat(drive.retryMs()).isNegative();
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void expectedStatusWithoutBodyIsAcknowledged() {
    Drive.http(R0)
        .play(
            """
            create request_tx served -> CREATING POLL CONNECTING
            up ack                   -> CONNECTED QOS_ACK_REMOTE DISCONNECTED
            """);
  }

  @Test
  void unexpectedStatusWithBodyIsNot() {
    Drive.http(R0)
        .play(
            """
            create request_tx served     -> CREATING POLL CONNECTING
            up rx(7,SOM) rx(0,EOM) nack  -> CONNECTED rx(7,SOM) rx(0,EOM) QOS_NACK_REMOTE DISCONNECTED
            """);
  }

  @Test
  void mappedStatusIsReportedBeforeConnected() {
    Drive.http(R0)
        .play(
            """
            create request_tx served           -> CREATING POLL CONNECTING
            up(1530) rx(7,SOM) rx(0,EOM) nack  -> 1530 CONNECTED rx(7,SOM) rx(0,EOM) QOS_NACK_REMOTE DISCONNECTED
            request_tx served                  -> POLL CONNECTING
            up(1200) ack                       -> 1200 CONNECTED QOS_ACK_REMOTE DISCONNECTED
            """);
  }

  @Test
  void statusMappedToAuthFailedTakesTheSeries() {
    Drive drive =
        Drive.http(R0)
            .play(
                """
                create request_tx -> CREATING POLL CONNECTING
                auth              -> AUTH_FAILED ALL_RETRIES_FAILED
                """);
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.last().failureKind()).contains(FailureKind.AUTH);
  }

  @Test
  void retryAfterAuthFailedHasNoPollAndTheSeriesEnds() {
    Drive.http(R2)
        .play(
            """
            create request_tx -> CREATING POLL CONNECTING
            auth              -> AUTH_FAILED
            wake              -> CONNECTING
            auth              -> AUTH_FAILED
            wake              -> CONNECTING
            auth              -> AUTH_FAILED ALL_RETRIES_FAILED
            """);
  }

  @Test
  void requestWhileIdleAfterAuthFailedHasNoPoll() {
    Drive.http(R2)
        .play(
            """
            create request_tx                -> CREATING POLL CONNECTING
            AUTH_FAILED=DISCONNECT_ME auth   -> AUTH_FAILED
            request_tx                       -> CONNECTING
            """);
  }

  @Test
  void refusalEndsASeriesOfOne() {
    Drive.http(R0)
        .play(
            """
            create request_tx -> CREATING POLL CONNECTING
            fail              -> UNREACHABLE ALL_RETRIES_FAILED
            """);
  }

  @Test
  void connectReportsTheEndOfItsSeriesToo() {
    Drive.http(R0)
        .play("create connect fail -> CREATING CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
    Drive.http(NO_SCHEME)
        .play("create connect fail -> CREATING CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
    Drive.http(R0, NAILED_UP)
        .play("create fail -> CREATING CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
  }

  @Test
  void concealedFailuresAreRetriedAndReported() {
    Drive.http(R2).play("create request_tx -> CREATING POLL CONNECTING\n" + FAILS_THREE_TIMES);
    Drive.http(R2).play("create connect -> CREATING CONNECTING\n" + FAILS_THREE_TIMES);
    Drive.http(R2, NAILED_UP).play("create -> CREATING CONNECTING\n" + FAILS_THREE_TIMES);
  }

  @Test
  void failuresCarryWhatWasDecided() {
    Drive drive = Drive.http(R2).does("create request_tx fail");
    StateEvent.Failure first = drive.last().failure().orElseThrow();
    assertThat(first)
        .isEqualTo(
            new StateEvent.Failure(
                FailureKind.CONNECT, 1, true, Duration.ofMillis(200), "127.0.0.1:9 refused"));
    assertThat(drive.retryMs()).isEqualTo(200);

    drive.does("wake fail wake fail");

    StateEvent.Failure last =
        new StateEvent.Failure(FailureKind.CONNECT, 3, false, Duration.ZERO, "127.0.0.1:9 refused");
    assertThat(drive.last(StreamState.UNREACHABLE).failure()).contains(last);
    assertThat(drive.last(StreamState.ALL_RETRIES_FAILED).failure()).contains(last);
  }

  @Test
  void requestAfterAnExhaustedSeriesGetsOneAttemptAndConnectAWholeSeries() {
    Drive.http(R2)
        .play(
            "create request_tx -> CREATING POLL CONNECTING\n"
                + FAILS_THREE_TIMES
                + """
                request_tx fail -> POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED
                connect         -> CONNECTING
                """
                + FAILS_THREE_TIMES);
  }

  @Test
  void retryAfterIsALowerBoundAndCountsAsOneFailure() {
    Drive drive = Drive.http(R2).play("create request_tx -> CREATING POLL CONNECTING");
    drive.play("fail(2000) -> UNREACHABLE");
    assertThat(drive.retryMs()).isEqualTo(2000);
    drive.play("wake -> POLL CONNECTING").play("fail(100) -> UNREACHABLE");
    assertThat(drive.retryMs()).isEqualTo(200);
    drive.play("wake -> POLL CONNECTING");
    drive.play("fail(2000) -> UNREACHABLE ALL_RETRIES_FAILED");
  }

  @Test
  void silentNameServersAreTold() {
    Drive.http(R0)
        .play(
            """
            create request_tx -> CREATING POLL CONNECTING
            no_server         -> UNREACHABLE(1) ALL_RETRIES_FAILED
            """);
  }

  @Test
  void cutBodyEndsAnOpportunisticStream() {
    Drive drive =
        Drive.http(R2)
            .play(
                """
                create request_tx served -> CREATING POLL CONNECTING
                up rx(7,SOM) drop        -> CONNECTED rx(7,SOM) DISCONNECTED
                """);
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
    assertThat(drive.last().failureKind()).contains(FailureKind.CLOSED);
    assertThat(drive.last().willRetry()).isFalse();
    assertThat(drive.last().attempt()).isZero();
  }

  @Test
  void cutBodyIsFetchedAgainForever() {
    Drive drive = Drive.http(R2, RECONNECTS).play("create request_tx -> CREATING POLL CONNECTING");
    for (int round = 0; round < 10; round++) {
      drive.play(
          """
          up rx(7,SOM) drop -> CONNECTED rx(7,SOM) DISCONNECTED
          wake              -> POLL CONNECTING
          """);
      assertThat(drive.last(StreamState.DISCONNECTED).failure().orElseThrow())
          .isEqualTo(
              new StateEvent.Failure(
                  FailureKind.CLOSED, 1, true, Duration.ofMillis(200), "the peer closed"));
    }
  }

  @Test
  void bodyIsSentWhileConnecting() {
    Drive drive = Drive.http(R0).play("create request_tx -> CREATING POLL CONNECTING");
    assertThat(drive.served()).isEqualTo(1);
    drive.play(
        """
        tx(1400,SOM) request_tx   -> tx#0→1400,SOM
        tx(1400,-) request_tx     -> tx#1→1400,-
        tx(200,EOM) served        -> tx#2→200,EOM
        up rx(7,SOM) rx(0,EOM)    -> CONNECTED rx(7,SOM) rx(0,EOM)
        ack                       -> QOS_ACK_REMOTE DISCONNECTED
        """);
    assertThat(drive.served()).isEqualTo(3);
  }

  @Test
  void retriedRequestIsServedAgainUntilItWasServed() {
    Drive drive = Drive.http(R2).does("create request_tx fail wake");
    assertThat(drive.served()).isEqualTo(2);
    drive.does("served fail wake");
    assertThat(drive.served()).isEqualTo(2);
  }

  @Test
  void nailedUpGetIsNotRepeated() {
    Drive.http(R2, NAILED_UP, RECONNECTS)
        .play(
            """
            create                 -> CREATING CONNECTING
            up rx(7,SOM) rx(0,EOM) -> CONNECTED rx(7,SOM) rx(0,EOM)
            ack                    -> QOS_ACK_REMOTE DISCONNECTED
            stale_wake             ->
            """);
  }

  @Test
  void requestsOneAfterTheOther() {
    Drive drive = Drive.http(R0);
    drive.does("create").seen();
    for (int round = 0; round < 3; round++) {
      drive.play(
          """
          request_tx served -> POLL CONNECTING
          up rx(5,SOM) rx(0,EOM) ack -> CONNECTED rx(5,SOM) rx(0,EOM) QOS_ACK_REMOTE DISCONNECTED
          """);
    }
    assertThat(drive.opened()).isEqualTo(3);
  }

  @Test
  void messageThatMayHaveArrivedEndsTheSeries() {
    Drive drive = Drive.http(R2).does("create request_tx");
    drive.seen();
    drive.play("fail_sent -> UNREACHABLE ALL_RETRIES_FAILED");
    assertThat(drive.last(StreamState.UNREACHABLE).willRetry()).isFalse();

    Drive cut = Drive.http(R2, RECONNECTS).does("create request_tx served up");
    cut.seen();
    cut.play("drop_sent -> DISCONNECTED");
    assertThat(cut.now().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void sessionEchoesAndThePeerCloses() {
    Drive drive =
        Drive.session(R2)
            .play(
                """
                create request_tx  -> CREATING POLL CONNECTING
                up                 -> CONNECTED
                tx(5,SOM|EOM) served rx(5,SOM|EOM) drop -> tx#0→5,SOM|EOM rx(5,SOM|EOM) DISCONNECTED
                """);
    assertThat(drive.served()).isEqualTo(1);
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void droppedSessionComesBack() {
    Drive drive =
        Drive.session(R2, NAILED_UP, RECONNECTS)
            .play(
                """
                create up -> CREATING CONNECTING CONNECTED
                drop      -> DISCONNECTED
                """);
    assertThat(drive.retryMs()).isBetween(200L, 239L);
    assertThat(drive.last().willRetry()).isTrue();
    drive.play(
        """
        wake      -> POLL CONNECTING
        up        -> CONNECTED
        """);
  }

  @Test
  void droppedSessionStaysAwayWithoutConcealAndWithoutScheme() {
    for (Backoff backoff : new Backoff[] {R0, NO_SCHEME}) {
      Drive drive = Drive.session(backoff, NAILED_UP, RECONNECTS);
      drive.play("create up drop -> CREATING CONNECTING CONNECTED DISCONNECTED");
      assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
      assertThat(drive.last().willRetry()).isFalse();
    }
  }

  @Test
  void refusedUpgradeIsAFailedAttempt() {
    Drive.session(R2).play("create request_tx -> CREATING POLL CONNECTING\n" + FAILS_THREE_TIMES);
  }

  @Test
  void sessionIsAcknowledgedMoreThanOnce() {
    Drive drive =
        Drive.session(R2)
            .play(
                """
                create request_tx up         -> CREATING POLL CONNECTING CONNECTED
                tx(5,SOM|EOM) served ack(0)  -> tx#0→5,SOM|EOM QOS_ACK_REMOTE
                tx(5,SOM|EOM) nack(1)        -> tx#1→5,SOM|EOM QOS_NACK_REMOTE
                ack(2) ack(3)                -> QOS_ACK_REMOTE QOS_ACK_REMOTE
                drop                         -> DISCONNECTED
                """);
    assertThat(drive.events().get(4).txOrdinal()).hasValue(0);
    assertThat(drive.last(StreamState.QOS_ACK_REMOTE).txOrdinal()).hasValue(3);
    assertThat(drive.last(StreamState.QOS_NACK_REMOTE).txOrdinal()).hasValue(1);
  }

  @Test
  void hangupIsAnOrdinaryLoss() {
    Drive drive = Drive.session(R2, NAILED_UP, RECONNECTS).does("create up");
    drive.seen();
    drive.input(
        now -> now.linkClosed(LinkFailure.of(FailureKind.TIMEOUT, "no proof of validity"), 65535));
    drive.play(
        """
                -> DISCONNECTED
        wake up -> POLL CONNECTING CONNECTED
        """);
    assertThat(drive.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.TIMEOUT);
    assertThat(drive.last(StreamState.DISCONNECTED).nextDelay()).isEqualTo(Duration.ofMillis(239));
  }

  @Test
  void rawPeerAnswersAndCloses() {
    Drive.session(R0)
        .play(
            """
            create request_tx up           -> CREATING POLL CONNECTING CONNECTED
            tx(5) served rx(2,-) drop      -> tx#0→5 rx(2,-) DISCONNECTED
            """);
  }

  @Test
  void establishedLinkResetsTheCounter() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect fail wake fail wake up drop");
    assertThat(drive.last().attempt()).isEqualTo(1);
    assertThat(drive.retryMs()).isEqualTo(200);
  }
}
