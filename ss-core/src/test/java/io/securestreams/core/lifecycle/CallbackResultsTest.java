package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.NAILED_UP;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.StreamState;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each result of each callback leads to. */
class CallbackResultsTest {

  /** The way to each state that a client's handler can answer, with r2 and reconnecting. */
  static Stream<String> waysToEachState() {
    return Stream.of(
        "CREATING | create",
        "POLL | create request_tx",
        "CONNECTING | create connect",
        "CONNECTED | create connect up",
        "1200 | create connect up(1200)",
        "UNREACHABLE | create connect fail",
        "AUTH_FAILED | create connect auth",
        "ALL_RETRIES_FAILED | create connect fail wake fail wake fail",
        "QOS_ACK_REMOTE | create connect up ack",
        "QOS_NACK_REMOTE | create connect up nack",
        "DISCONNECTED | create connect up drop",
        "TIMEOUT | create connect up start_timeout(1) timer");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysToEachState")
  void destroyMeEndsTheStreamFromEachState(String way) {
    for (String result : new String[] {"DESTROY_ME", "HANDLE_DESTROYED"}) {
      for (Drive drive : new Drive[] {Drive.http(R2, RECONNECTS), Drive.session(R2, RECONNECTS)}) {
        String state = way.substring(0, way.indexOf(' '));
        String[] words = way.substring(way.indexOf('|') + 2).split(" ");
        for (int i = 0; i < words.length - 1; i++) {
          drive.does(words[i]);
        }
        drive.seen();
        boolean connected =
            switch (state) {
              case "CONNECTED", "QOS_ACK_REMOTE", "QOS_NACK_REMOTE", "TIMEOUT" -> true;
              default -> false;
            };

        drive.does(state + "=" + result + " " + words[words.length - 1]);

        assertThat(drive.seen())
            .endsWith(state + (connected ? " DISCONNECTED DESTROYING" : " DESTROYING"));
        assertThat(drive.released()).isEqualTo(1);
        assertThat(drive.now().phase()).isEqualTo(Phase.OVER);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysToEachState")
  void txDontSendIsOkFromEachState(String way) {
    String state = way.substring(0, way.indexOf(' '));
    String words = way.substring(way.indexOf('|') + 2);
    Drive plain = Drive.session(R2, RECONNECTS).does(words);
    Drive odd = Drive.session(R2, RECONNECTS).does(state + "=TX_DONT_SEND " + words);
    assertThat(odd.now()).isEqualTo(plain.now());
    assertThat(odd.seen()).isEqualTo(plain.seen());
  }

  @ParameterizedTest(name = "{0} -> {1}, then {2}")
  @CsvSource({
    // way to the state, what is seen, phase afterwards
    "CREATING=DISCONNECT_ME create, CREATING, IDLE",
    "create POLL=DISCONNECT_ME request_tx, CREATING POLL, IDLE",
    "create CONNECTING=DISCONNECT_ME connect, CREATING CONNECTING, WAIT",
    "create connect CONNECTED=DISCONNECT_ME up, CREATING CONNECTING CONNECTED DISCONNECTED, WAIT",
    "create connect 1200=DISCONNECT_ME up(1200), CREATING CONNECTING 1200 UNREACHABLE, WAIT",
    "create connect UNREACHABLE=DISCONNECT_ME fail, CREATING CONNECTING UNREACHABLE, IDLE",
    "create connect AUTH_FAILED=DISCONNECT_ME auth, CREATING CONNECTING AUTH_FAILED, IDLE",
    "create connect up DISCONNECTED=DISCONNECT_ME drop, CREATING CONNECTING CONNECTED DISCONNECTED, IDLE",
  })
  void disconnectMeOnEveryProtocol(String words, String seen, Phase after) {
    for (Drive drive : new Drive[] {Drive.http(R2, RECONNECTS), Drive.session(R2, RECONNECTS)}) {
      drive.play(words + " -> " + seen);
      assertThat(drive.now().phase()).isEqualTo(after);
      assertThat(drive.retryMs() >= 0).isEqualTo(after == Phase.WAIT);
    }
  }

  @Test
  void disconnectMeAfterAllRetriesFailedIsIgnored() {
    Drive.http(R0)
        .play(
            """
            create ALL_RETRIES_FAILED=DISCONNECT_ME request_tx fail -> CREATING POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED
            request_tx -> POLL CONNECTING
            """);
  }

  @Test
  void disconnectMeAfterTheLastFailureDoesNotHideTheEndOfTheSeries() {
    Drive.http(R0)
        .play(
            "create UNREACHABLE=DISCONNECT_ME connect fail -> CREATING CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
  }

  @Test
  void refusedAttemptCountsAsFailed() {
    Drive.session(R2)
        .play(
            """
            create CONNECTING=DISCONNECT_ME request_tx -> CREATING POLL CONNECTING
            wake up -> POLL CONNECTING CONNECTED
            """);
    Drive last = Drive.session(R0).does("create CONNECTING=DISCONNECT_ME connect");
    last.play("-> CREATING CONNECTING ALL_RETRIES_FAILED");
    assertThat(last.opened()).isZero();
  }

  @Test
  void refusedPollLeavesTheStreamUsable() {
    Drive drive =
        Drive.session(R2)
            .play(
                """
                create POLL=DISCONNECT_ME request_tx -> CREATING POLL
                request_tx                           -> CONNECTING
                fail POLL=DISCONNECT_ME wake         -> UNREACHABLE POLL
                request_tx up                        -> CONNECTING CONNECTED
                """);
    assertThat(drive.opened()).isEqualTo(2);
  }

  @Test
  void unreachableAnsweredWithDisconnectMeLeavesTheStreamUsable() {
    Drive.http(R2)
        .play(
            """
            create UNREACHABLE=DISCONNECT_ME request_tx fail -> CREATING POLL CONNECTING UNREACHABLE
            request_tx up -> POLL CONNECTING CONNECTED
            """);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"ack, QOS_ACK_REMOTE", "nack, QOS_NACK_REMOTE"})
  void acknowledgementAnsweredWithDisconnectMe(String word, String state) {
    Drive http = Drive.http(R2, RECONNECTS).does("create connect up");
    http.seen();
    http.play(state + "=DISCONNECT_ME " + word + " -> " + state + " DISCONNECTED");
    assertThat(http.now().phase()).as("a complete transaction").isEqualTo(Phase.IDLE);

    Drive session = Drive.session(R2, RECONNECTS).does("create connect up");
    session.seen();
    session.play(state + "=DISCONNECT_ME " + word + " -> " + state + " DISCONNECTED");
    assertThat(session.closed()).isEqualTo(1);
    assertThat(session.now().phase()).isEqualTo(Phase.WAIT);
  }

  @Test
  void rxAnsweredWithDisconnectMe() {
    Drive.session(R2, NAILED_UP, RECONNECTS)
        .play(
            """
            create up -> CREATING CONNECTING CONNECTED
            rx(5,SOM|EOM)=DISCONNECT_ME -> rx(5,SOM|EOM) DISCONNECTED
            wake up -> POLL CONNECTING CONNECTED
            """);
    Drive http = Drive.http(R2).does("create connect up");
    http.seen();
    http.play("rx(5,SOM)=DISCONNECT_ME -> rx(5,SOM) DISCONNECTED");
    assertThat(http.closed()).isEqualTo(1);
    assertThat(http.now().phase()).isEqualTo(Phase.IDLE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"rx", "tx"})
  void payloadCallbackAnsweredWithDestroyMe(String callback) {
    for (String result : new String[] {"DESTROY_ME", "HANDLE_DESTROYED"}) {
      Drive connected = Drive.session(R2, RECONNECTS).does("create connect up");
      connected.seen();
      assertThat(connected.does(callback + "(1)=" + result).seen())
          .endsWith(" DISCONNECTED DESTROYING");
      Drive connecting = Drive.http(R2).does("create connect");
      connecting.seen();
      assertThat(connecting.does(callback + "(1)=" + result).seen())
          .endsWith(") DESTROYING".substring(callback.equals("rx") ? 0 : 1));
      assertThat(connecting.closed()).isEqualTo(1);
    }
  }

  @Test
  void performanceDataBeforeConnectedClosesNothing() {
    Drive drive = Drive.http(R2).does("create connect");
    drive.seen();
    drive.play("rx(163,PERF_JSON)=DISCONNECT_ME -> rx(163,PERF_JSON)");
    assertThat(drive.now().phase()).isEqualTo(Phase.ATTEMPT);
  }

  @Test
  void txAnsweredWithDisconnectMe() {
    Drive session = Drive.session(R2).does("create connect up");
    session.seen();
    session.play("tx(5)=DISCONNECT_ME -> tx#0→5 DISCONNECTED");
    assertThat(session.closed()).isEqualTo(1);

    Drive http = Drive.http(R2).does("create request_tx");
    http.seen();
    http.play("tx(5)=DISCONNECT_ME -> tx#0→5 UNREACHABLE");
    assertThat(http.closed()).isEqualTo(1);
    assertThat(http.now().phase()).isEqualTo(Phase.WAIT);
  }

  @Test
  void payloadCallbacksWithoutAFaultChangeNothing() {
    Drive drive = Drive.session(R2).does("create connect up");
    Lifecycle before = drive.now();
    drive.does("rx(1) tx(1) rx(1)=TX_DONT_SEND tx(1)=TX_DONT_SEND");
    assertThat(drive.now()).isEqualTo(before);
  }

  @Test
  void handlerThatClosesIsToldSo() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect CONNECTED=DISCONNECT_ME up");
    assertThat(drive.last(StreamState.DISCONNECTED).failure().orElseThrow().detail())
        .contains("handler");
  }
}
