package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.R2;
import static io.securestreams.core.lifecycle.LifecycleProfile.Trait.RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How streams end: asked to, and by our own mistakes. */
class DestructionTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "never created, '', '', 0",
    "idle, create, DESTROYING, 0",
    "connecting, create connect, DESTROYING, 1",
    "backoff, create connect fail, DESTROYING, 0",
    "connected, create connect up, DISCONNECTED DESTROYING, 1",
    "after an acknowledgement with the link up, create connect up ack, DISCONNECTED DESTROYING, 1",
    "after DISCONNECTED, create connect up disconnect, DESTROYING, 1",
    "after ALL_RETRIES_FAILED, create connect fail wake fail wake fail, DESTROYING, 0",
    "with the timer running, create start_timeout(9) connect up, DISCONNECTED DESTROYING, 1",
    "backoff with the timer running, create start_timeout(9) connect fail, DESTROYING, 0"
  })
  void destroyedWhile(String situation, String words, String seen, int closed) {
    Drive drive = Drive.session(R2, RECONNECTS).does(words);
    drive.seen();

    drive.play("destroy destroy -> " + seen);

    assertThat(drive.closed()).isEqualTo(closed);
    assertThat(drive.released()).isEqualTo(1);
    assertThat(drive.retryMs()).isNegative();
    assertThat(drive.timeoutMs()).isNegative();
  }

  @Test
  void resultsOfTheLastStatesAreIgnored() {
    Drive drive = Drive.session(R2, RECONNECTS).does("create connect up");
    drive.seen();
    drive.play(
        "DISCONNECTED=DISCONNECT_ME DESTROYING=DESTROY_ME destroy -> DISCONNECTED DESTROYING");
    assertThat(drive.released()).isEqualTo(1);
  }

  @Test
  void callsFromInsideTheLastStatesComeTooLate() {
    Drive drive =
        Drive.session(R2, RECONNECTS)
            .inside("DISCONNECTED", "connect request_tx")
            .inside("DESTROYING", "connect destroy start_timeout(5)")
            .does("create connect up");
    drive.seen();
    drive.play("destroy -> DISCONNECTED DESTROYING");
    assertThat(drive.released()).isEqualTo(1);
    assertThat(drive.timeoutMs()).isNegative();
  }

  @Test
  void connectedStreamThatMayNotSayWhatItWantsIsEndedInstead() {
    Lifecycle broken = broken(Phase.CONNECTED, after(StreamState.SERVER_TXN));
    Drive drive = Drive.of(broken);

    Step step = broken.acked(Outcome.ACK, Lifecycle.NO_MESSAGE);

    assertThat(step.effects().get(0)).isInstanceOf(Effect.Violation.class);
    assertThat(step.effects().get(1)).isEqualTo(Effect.Bare.CLOSE_LINK);
    assertThat(step.effects().get(2)).isEqualTo(Effect.Emit.of(event(StreamState.DISCONNECTED)));
    assertThat(step.next().phase()).isEqualTo(Phase.OVER);
    step.effects().get(0).performOn(drive);
    assertThat(drive.violations())
        .singleElement()
        .satisfies(
            bug ->
                assertThat(bug)
                    .hasMessage("transition from SERVER_TXN -> QOS_ACK_REMOTE is illegal"));
  }

  @Test
  void streamThatNeverWasConnectedIsEndedWithDestroyingAlone() {
    Step step = broken(Phase.ATTEMPT, after(StreamState.SERVER_TXN)).linkFailed(Drive.REFUSED, 0);

    assertThat(step.effects())
        .extracting(Object::getClass)
        .extracting(Class::getSimpleName)
        .containsExactly("Violation", "Bare", "Emit");
    assertThat(step.effects()).contains(Effect.Emit.of(event(StreamState.DESTROYING)));
    assertThat(step.next().returned(StreamReturn.OK, 0).effects())
        .containsExactly(Effect.Bare.RELEASE);
  }

  @Test
  void connectedStreamThatMayNotEvenDisconnectSkipsIt() {
    Step step = broken(Phase.CONNECTED, after(StreamState.POLL)).destroyRequested();
    assertThat(step.effects())
        .containsExactly(Effect.Bare.CLOSE_LINK, Effect.Emit.of(event(StreamState.DESTROYING)));
  }

  @Test
  void inputWhileAnAnswerIsAwaitedIsABug() {
    Lifecycle waiting = fresh().create().next();
    for (Function<Lifecycle, Step> input : LifecyclePropertyTest.everyInput()) {
      assertThatThrownBy(() -> input.apply(waiting))
          .isInstanceOf(BugException.class)
          .hasMessageContaining("CREATING is awaited");
    }
  }

  @Test
  void answerThatNobodyAwaitsIsABug() {
    assertThatThrownBy(() -> fresh().returned(StreamReturn.OK, 0))
        .isInstanceOf(BugException.class)
        .hasMessage("no state awaits the answer OK");
  }

  private static Lifecycle fresh() {
    return Lifecycle.client(Drive.profile(Role.CLIENT, R2, RECONNECTS));
  }

  private static Lifecycle broken(Phase phase, RecordedState recorded) {
    return new Lifecycle(
        Drive.profile(Role.CLIENT, R2, RECONNECTS),
        phase,
        recorded,
        false,
        0,
        false,
        Continuation.NONE,
        Optional.empty());
  }

  /** A record that ends in the state, by any legal way. */
  private static RecordedState after(StreamState state) {
    RecordedState created = RecordedState.NONE.after(StreamState.CREATING);
    return created.accepts(state)
        ? created.after(state)
        : created.after(StreamState.CONNECTING).after(StreamState.CONNECTED).after(state);
  }

  private static StateEvent event(StreamState state) {
    return StateEvent.of(state);
  }
}
