package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.NAILED_UP;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What connect, disconnect and request_tx lead to in each situation. */
class RequestsTest {

  @Test
  void requestWhileConnectingWaitsForASessionAndServesATransaction() {
    Drive session = Drive.session(R0).does("create connect request_tx request_tx");
    assertThat(session.served()).isZero();
    session.does("up");
    assertThat(session.served()).as("several requests collapse into one").isEqualTo(1);

    Drive http = Drive.http(R0).does("create connect request_tx");
    assertThat(http.served()).isEqualTo(1);
    http.does("served up");
    assertThat(http.served()).isEqualTo(1);
  }

  @Test
  void requestWhileConnectedIsServedAtOnce() {
    Drive drive = Drive.session(R0).does("create connect up").does("request_tx");
    assertThat(drive.served()).isEqualTo(1);
    assertThat(drive.now().txWanted()).isTrue();
    assertThat(drive.does("served").now().txWanted()).isFalse();
  }

  @Test
  void requestDuringBackoffIsRememberedAndShortensNothing() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect up drop");
    drive.seen();
    drive.play("request_tx ->");
    assertThat(drive.retryMs()).isEqualTo(200);
    drive.play("wake up -> POLL CONNECTING CONNECTED");
    assertThat(drive.served()).isEqualTo(1);
  }

  @Test
  void requestDuringATransactionStartsTheNextOne() {
    Drive drive = Drive.http(R0).does("create request_tx served up request_tx");
    drive.seen();
    drive.play("ack -> QOS_ACK_REMOTE DISCONNECTED POLL CONNECTING");
    drive.play("served up nack -> CONNECTED QOS_NACK_REMOTE DISCONNECTED");
  }

  @Test
  void requestFromInsideTheAcknowledgementStartsTheNextTransaction() {
    Drive.http(R0)
        .inside("QOS_ACK_REMOTE", "request_tx")
        .does("create request_tx served up ack")
        .play("-> CREATING POLL CONNECTING CONNECTED QOS_ACK_REMOTE DISCONNECTED POLL CONNECTING");
  }

  @Test
  void requestFromInsideDisconnected() {
    Drive.session(R0)
        .inside("DISCONNECTED", "request_tx")
        .play(
            "create connect up drop -> CREATING CONNECTING CONNECTED DISCONNECTED POLL CONNECTING");
  }

  @Test
  void requestLeftByACutTransactionIsTheNextTransaction() {
    Drive.http(R0)
        .play(
            """
            create request_tx served up request_tx -> CREATING POLL CONNECTING CONNECTED
            drop -> DISCONNECTED POLL CONNECTING
            """);
  }

  @Test
  void sessionThatDropsUnderAnUnservedRequestComesBackThroughTheBackoff() {
    Drive drive = Drive.session(R2).does("create connect up request_tx");
    drive.seen();
    drive.play("drop -> DISCONNECTED");
    assertThat(drive.retryMs()).isEqualTo(200);
    drive.play("wake up -> POLL CONNECTING CONNECTED");
    assertThat(drive.served()).isEqualTo(2);

    Drive hopeless = Drive.session(R0).does("create connect up request_tx drop");
    assertThat(hopeless.now().phase()).isEqualTo(Phase.IDLE);
    assertThat(hopeless.now().txWanted()).isTrue();
  }

  @Test
  void requestsMadeWhileCreatingFollowCreating() {
    Drive.http(R0)
        .inside("CREATING", "request_tx fail")
        .play("create -> CREATING POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
    Drive.http(R0).inside("CREATING", "connect request_tx").play("create -> CREATING CONNECTING");
    Drive.session(R0, NAILED_UP)
        .inside("CREATING", "request_tx connect")
        .play("create up -> CREATING CONNECTING CONNECTED");
  }

  @Test
  void allRetriesFailedEndsTheRequest() {
    Drive drive = Drive.session(R0).does("create request_tx fail");
    assertThat(drive.now().txWanted()).isFalse();
    drive.does("connect up");
    assertThat(drive.served()).isZero();
  }

  @Test
  void requestsFromInsideAllRetriesFailed() {
    Drive.http(R0)
        .inside("ALL_RETRIES_FAILED", "request_tx")
        .play(
            "create request_tx fail -> CREATING POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED POLL CONNECTING");
    Drive.http(R0)
        .inside("ALL_RETRIES_FAILED", "connect")
        .play(
            "create request_tx fail -> CREATING POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED CONNECTING");
  }

  @Test
  void connectWhileThereIsALinkHasNoEffect() {
    Drive drive = Drive.session(R2).does("create connect fail wake");
    drive.seen();
    drive.play("connect ->");
    assertThat(drive.now().failures()).isEqualTo(1);
    drive.play("up connect -> CONNECTED");
    assertThat(drive.opened()).isEqualTo(2);
    assertThat(drive.closed()).isZero();
  }

  @Test
  void connectDuringBackoffStartsAWholeSeriesAtOnce() {
    Drive drive = Drive.session(R2).does("create request_tx fail wake fail");
    drive.seen();
    drive.play("connect stale_wake -> CONNECTING");
    drive.play(
        """
        fail      -> UNREACHABLE
        wake fail -> POLL CONNECTING UNREACHABLE
        wake fail -> POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED
        """);
  }

  @Test
  void disconnectKeepsEvenAReconnectingStreamIdle() {
    Drive drive =
        Drive.session(R2, NAILED_UP, RECONNECTS)
            .play(
                """
                create up         -> CREATING CONNECTING CONNECTED
                disconnect        -> DISCONNECTED
                stale_wake drop   ->
                """);
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.now().phase()).isEqualTo(Phase.IDLE);
    assertThat(drive.last().failure()).isEmpty();
    drive.play(
        """
        request_tx up     -> POLL CONNECTING CONNECTED
        disconnect        -> DISCONNECTED
        connect           -> CONNECTING
        """);
  }

  @Test
  void disconnectDuringAnAttemptAndDuringBackoff() {
    Drive drive =
        Drive.http(R2).play("create connect disconnect -> CREATING CONNECTING DISCONNECTED");
    assertThat(drive.closed()).isEqualTo(1);
    drive.play(
        """
        up fail            ->
        request_tx fail    -> POLL CONNECTING UNREACHABLE
        disconnect         ->
        stale_wake         ->
        disconnect         ->
        connect            -> CONNECTING
        """);
    assertThat(drive.retryMs()).isNegative();
  }

  @Test
  void disconnectKeepsAnUnservedRequestForLater() {
    Drive drive = Drive.http(R0).does("create request_tx up request_tx disconnect");
    drive.play("-> CREATING POLL CONNECTING CONNECTED DISCONNECTED");
    assertThat(drive.now().txWanted()).isTrue();
    drive.play("connect -> CONNECTING");
    assertThat(drive.served()).isEqualTo(3);
  }

  @Test
  void nothingHappensBeforeCreationAndAfterTheEnd() {
    for (Drive drive : new Drive[] {Drive.http(R2), Drive.listener(), Drive.accepted()}) {
      drive.play(
          "connect request_tx disconnect up fail drop auth ack stale_wake start_timeout(1) stale_timer txn upgrade done rx(1) ->"
              + " rx(1)");
      drive.does("create destroy").seen();
      drive.play(
          "create connect request_tx disconnect up fail drop auth ack stale_wake start_timeout(1) stale_timer txn upgrade done destroy served cancel_timeout tx(1)=DESTROY_ME ->"
              + " tx#0→1");
      assertThat(drive.released()).isEqualTo(1);
      assertThat(drive.opened()).isZero();
      assertThat(drive.served()).isZero();
      assertThat(drive.timeoutMs()).isNegative();
    }
  }
}
