package io.securestreams.reactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StateEvent.Failure;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.PortalVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class PortalCheckTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final PortalCheck check = new PortalCheck(time);
  private final TestPublisher<StreamEvent> request = TestPublisher.create();
  private final List<PortalVerdict> told = new ArrayList<>();
  private final List<String> results = new ArrayList<>();

  PortalCheckTest() {
    check.verdicts().subscribe(told::add, error -> {}, () -> results.add("told all"));
  }

  private void ask() {
    check
        .check(request.flux())
        .subscribe(
            verdict -> results.add(verdict.name()),
            error -> results.add(String.valueOf(error.getMessage())),
            () -> results.add("over"));
  }

  private void reach(StreamState state) {
    request.next(StateEvent.of(state));
  }

  private static StateEvent unreachable(FailureKind kind) {
    return StateEvent.of(StreamState.UNREACHABLE)
        .withFailure(new Failure(kind, 1, true, Duration.ofSeconds(1), "a redirect"));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "QOS_ACK_REMOTE, INTERNET_OK",
    "QOS_NACK_REMOTE, NO_INTERNET",
    "DISCONNECTED, NO_INTERNET",
    "ALL_RETRIES_FAILED, NO_INTERNET",
    "TIMEOUT, NO_INTERNET"
  })
  void aStateIsAVerdict(StreamState state, PortalVerdict verdict) {
    ask();
    reach(StreamState.CREATING);
    reach(StreamState.CONNECTING);
    reach(state);

    assertThat(told).containsExactly(PortalVerdict.UNKNOWN, verdict);
    assertThat(results).containsExactly(verdict.name(), "over");
    request.assertCancelled();
  }

  @Test
  void aRefusedRedirectIsACaptivePortalAndOtherFailuresWaitForTheRetries() {
    ask();
    request.next(unreachable(FailureKind.CONNECT), unreachable(FailureKind.PROTOCOL));
    assertThat(results).isEmpty();
    request.next(unreachable(FailureKind.PORTAL));

    assertThat(results).containsExactly("CAPTIVE_PORTAL", "over");
  }

  @Test
  void noAnswerWithinThreeSecondsIsNoInternet() {
    ask();
    reach(StreamState.CONNECTING);

    time.advanceTimeBy(Duration.ofMillis(2_999));
    assertThat(results).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(results).containsExactly("NO_INTERNET", "over");
    request.assertCancelled();
  }

  @Test
  void aStreamThatEndsWithoutAnAnswerIsNoInternet() {
    ask();

    request.complete();

    assertThat(results).containsExactly("NO_INTERNET", "over");
  }

  @Test
  void aCheckUnderWayIsJoined() {
    ask();
    ask();
    assertThat(request.subscribeCount()).isEqualTo(1);

    reach(StreamState.QOS_ACK_REMOTE);

    assertThat(results).containsExactly("INTERNET_OK", "over", "INTERNET_OK", "over");
    assertThat(told).containsExactly(PortalVerdict.UNKNOWN, PortalVerdict.INTERNET_OK);
  }

  @Test
  void theNextCheckBeginsWithNothingKnown() {
    ask();
    reach(StreamState.QOS_ACK_REMOTE);
    ask();
    reach(StreamState.DISCONNECTED);

    assertThat(request.subscribeCount()).isEqualTo(2);
    assertThat(told)
        .containsExactly(
            PortalVerdict.UNKNOWN,
            PortalVerdict.INTERNET_OK,
            PortalVerdict.UNKNOWN,
            PortalVerdict.NO_INTERNET);
  }

  @Test
  void aRedirectOfAnyStreamCountsWhileNothingIsKnown() {
    check.redirected();
    check.redirected();
    assertThat(told).containsExactly(PortalVerdict.UNKNOWN, PortalVerdict.CAPTIVE_PORTAL);

    ask();
    reach(StreamState.QOS_ACK_REMOTE);
    check.redirected();

    assertThat(told).endsWith(PortalVerdict.UNKNOWN, PortalVerdict.INTERNET_OK);
  }

  @Test
  void aRedirectOfAnotherStreamEndsTheCheckUnderWay() {
    ask();

    check.redirected();

    assertThat(results).containsExactly("CAPTIVE_PORTAL", "over");
    request.assertCancelled();
  }

  @Test
  void aCheckThatCannotBeginFailsAndLeavesNothingKnown() {
    ask();
    request.error(new IllegalStateException("no such stream type"));
    assertThat(results).containsExactly("no such stream type");

    check.redirected();

    assertThat(told).containsExactly(PortalVerdict.UNKNOWN, PortalVerdict.CAPTIVE_PORTAL);
  }

  @Test
  void closingEndsTheCheckWithoutAVerdict() {
    ask();

    check.close();

    assertThat(results).containsExactly("over", "told all");
    assertThat(told).containsExactly(PortalVerdict.UNKNOWN);
    request.assertCancelled();
  }

  @Test
  void aVerdictThatIsAskedForFromInsideAnotherComesAfterIt() {
    List<PortalVerdict> late = new ArrayList<>();
    check
        .verdicts()
        .subscribe(
            verdict -> {
              if (verdict == PortalVerdict.CAPTIVE_PORTAL) {
                ask();
              }
            });
    check.verdicts().subscribe(late::add);

    check.redirected();

    assertThat(late)
        .containsExactly(
            PortalVerdict.UNKNOWN, PortalVerdict.CAPTIVE_PORTAL, PortalVerdict.UNKNOWN);
  }
}
