package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.TRANSACTIONAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of listeners and accepted streams see. */
class ServerSequencesTest {

  @Test
  void keptConnectionCarriesTwoRequests() {
    Drive drive =
        Drive.accepted(TRANSACTIONAL)
            .play(
                """
                create                        -> CREATING CONNECTING
                up txn                        -> CONNECTED SERVER_TXN
                request_tx tx(5,SOM|EOM) done -> tx#0→5,SOM|EOM
                txn                           -> SERVER_TXN
                request_tx tx(5,SOM|EOM) done -> tx#1→5,SOM|EOM
                drop                          -> DISCONNECTED DESTROYING
                """);
    assertThat(drive.served()).isEqualTo(2);
    assertThat(drive.released()).isEqualTo(1);
    assertThat(drive.closed()).as("the link is gone already").isZero();
  }

  @Test
  void lostConnectionSaysWhyAndIsNotRetried() {
    Drive drive = Drive.accepted(TRANSACTIONAL).does("create up txn drop");
    assertThat(drive.events().get(drive.events().size() - 2).failureKind())
        .contains(FailureKind.CLOSED);
    assertThat(drive.retryMs()).isNegative();
  }

  @Test
  void requestBodyIsReceived() {
    Drive.accepted(TRANSACTIONAL)
        .play(
            """
            create up txn                 -> CREATING CONNECTING CONNECTED SERVER_TXN
            rx(8,SOM) rx(0,EOM)           -> rx(8,SOM) rx(0,EOM)
            request_tx tx(5,SOM|EOM) done -> tx#0→5,SOM|EOM
            """);
  }

  @Test
  void requestToSendFromInsideIsServedOnceTheTransactionIsOpen() {
    Drive drive = Drive.accepted(TRANSACTIONAL).inside("CREATING", "request_tx");
    drive.does("create up");
    assertThat(drive.served()).isZero();
    drive.does("txn");
    assertThat(drive.served()).isEqualTo(1);
    drive.does("done txn");
    assertThat(drive.served()).as("a new transaction starts afresh").isEqualTo(1);
  }

  @Test
  void rawRequestToSendIsServedOnceConnected() {
    Drive drive = Drive.accepted().inside("CREATING", "request_tx").does("create");
    assertThat(drive.served()).isZero();
    drive.does("up");
    assertThat(drive.served()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"DISCONNECT_ME", "DESTROY_ME", "HANDLE_DESTROYED"})
  void transactionIsRefused(String result) {
    Drive drive =
        Drive.accepted(TRANSACTIONAL)
            .play(
                "create up SERVER_TXN=%s txn -> CREATING CONNECTING CONNECTED SERVER_TXN DISCONNECTED DESTROYING"
                    .formatted(result));
    assertThat(drive.closed()).isEqualTo(1);
  }

  @Test
  void upgradeIsReportedOnTheAcceptedStream() {
    Drive.accepted(TRANSACTIONAL)
        .play(
            """
            create up upgrade -> CREATING CONNECTING CONNECTED SERVER_UPGRADE
            rx(5,SOM|EOM) drop -> rx(5,SOM|EOM) DISCONNECTED DESTROYING
            """);
  }

  @Test
  void upgradeAfterARequestClosesTheConnection() {
    Drive drive = Drive.accepted(TRANSACTIONAL).does("create up txn done");
    drive.seen();
    drive.play("upgrade -> DISCONNECTED DESTROYING");
    assertThat(drive.violations()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"DISCONNECT_ME", "DESTROY_ME"})
  void upgradeIsRefused(String result) {
    Drive.accepted(TRANSACTIONAL)
        .play(
            "create up SERVER_UPGRADE=%s upgrade -> CREATING CONNECTING CONNECTED SERVER_UPGRADE DISCONNECTED DESTROYING"
                .formatted(result));
  }

  @Test
  void rawStreamIsConnected() {
    Drive.accepted()
        .play(
            """
            create up     -> CREATING CONNECTING CONNECTED
            rx(5,-) drop  -> rx(5,-) DISCONNECTED DESTROYING
            """);
  }

  @ParameterizedTest(name = "{0} answered with {1}")
  @CsvSource({
    "CREATING, DISCONNECT_ME, CREATING DESTROYING",
    "CREATING, DESTROY_ME, CREATING DESTROYING",
    "CREATING, TX_DONT_SEND, CREATING DESTROYING",
    "CONNECTING, DISCONNECT_ME, CREATING CONNECTING DESTROYING",
    "CONNECTING, DESTROY_ME, CREATING CONNECTING DESTROYING",
    "CONNECTING, TX_DONT_SEND, CREATING CONNECTING DESTROYING"
  })
  void connectionIsRefused(String state, String result, String seen) {
    Drive drive = Drive.accepted().play(state + "=" + result + " create -> " + seen);
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.released()).isEqualTo(1);
  }

  @Test
  void connectionLostBeforeItIsUsable() {
    Drive.accepted().play("create drop -> CREATING CONNECTING DESTROYING");
    Drive.accepted().play("create fail -> CREATING CONNECTING DESTROYING");
    Drive.accepted().play("create auth -> CREATING CONNECTING DESTROYING");
  }

  @Test
  void timerDoesNotStopTheNextRequest() {
    Drive.accepted(TRANSACTIONAL)
        .play(
            """
            create up txn start_timeout(50) -> CREATING CONNECTING CONNECTED SERVER_TXN
            timer                           -> TIMEOUT
            txn                             -> SERVER_TXN
            start_timeout(50) timer         -> TIMEOUT
            TIMEOUT=DISCONNECT_ME start_timeout(50) timer -> TIMEOUT DISCONNECTED DESTROYING
            """);
  }

  @Test
  void completeAnswerStopsTheTimer() {
    Drive drive = Drive.accepted(TRANSACTIONAL).does("create up txn start_timeout(50) done");
    assertThat(drive.timeoutMs()).isNegative();
  }

  @Test
  void disconnectEndsAnAcceptedStream() {
    Drive.accepted()
        .play("create up disconnect -> CREATING CONNECTING CONNECTED DISCONNECTED DESTROYING");
    Drive.accepted().play("create disconnect -> CREATING CONNECTING DESTROYING");
  }

  @Test
  void listenerShowsItsBirthItsTimerAndItsDeath() {
    Drive drive =
        Drive.listener()
            .play(
                """
                CREATING=DISCONNECT_ME create -> CREATING
                request_tx connect disconnect ->
                up txn upgrade ack done served ->
                TIMEOUT=DISCONNECT_ME start_timeout(0) timer -> TIMEOUT
                start_timeout(10)             ->
                destroy                       -> DESTROYING
                """);
    assertThat(drive.closed()).as("the socket closes").isEqualTo(1);
    assertThat(drive.released()).isEqualTo(1);
    assertThat(drive.opened()).isZero();
    assertThat(drive.served()).isZero();
  }

  @Test
  void listenerThatIsDestroyedUnusedClosesItsSocket() {
    Drive drive = Drive.listener().play("destroy ->");
    assertThat(drive.closed()).isEqualTo(1);
    assertThat(drive.released()).isEqualTo(1);
  }

  @Test
  void listenerWhoseSocketIsLostEnds() {
    Drive.listener().play("create drop -> CREATING DESTROYING");
  }

  @Test
  void clientInputsMeanNothingToAcceptedStreamsNorServerInputsToClients() {
    Drive.accepted().play("create up ack connect stale_wake -> CREATING CONNECTING CONNECTED");
    Drive.session(Drive.R0)
        .play("create connect up txn upgrade done -> CREATING CONNECTING CONNECTED");
  }
}
