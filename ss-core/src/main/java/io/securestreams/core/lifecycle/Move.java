package io.securestreams.core.lifecycle;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StateEvent.Failure;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.Effect.Bare;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A step in the making: a lifecycle that may still be changed, and the effects so far.
 *
 * <p>Every state leaves through {@link #emit}, where the {@link StateTable} is asked.
 *
 * <p><b>Shape:</b> lives inside one call, one thread.
 */
final class Move {

  final LifecycleProfile profile;
  Phase phase;
  RecordedState recorded;
  boolean txWanted;
  int failures;
  Optional<Failure> lastFailure;
  private boolean timerRuns;
  private Continuation pending = Continuation.NONE;
  private List<Effect> effects = List.of();

  Move(Lifecycle from) {
    this(from, from.profile());
  }

  /** The step of a lifecycle that goes on with other facts. */
  Move(Lifecycle from, LifecycleProfile profile) {
    this.profile = profile;
    this.phase = from.phase();
    this.recorded = from.recorded();
    this.txWanted = from.txWanted();
    this.failures = from.failures();
    this.timerRuns = from.timerRuns();
    this.lastFailure = from.lastFailure();
  }

  /** Adds an effect. Nearly every step has one or two, so immutable lists cost the least. */
  Move add(Effect effect) {
    effects =
        switch (effects.size()) {
          case 0 -> List.of(effect);
          case 1 -> List.of(effects.get(0), effect);
          default -> Stream.concat(effects.stream(), Stream.of(effect)).toList();
        };
    return this;
  }

  /** The step without a state. */
  Step done() {
    Lifecycle next =
        new Lifecycle(
            profile, phase, recorded, txWanted, failures, timerRuns, pending, lastFailure);
    return new Step(next, effects);
  }

  /** The step that reports a state and stays in its phase. */
  Step emit(StreamState state, Continuation then) {
    return emit(StateEvent.of(state), then, phase);
  }

  /**
   * The step that reports a state, if it is legal: the one door for all of them.
   *
   * @param event the state
   * @param then what the handler's answer leads to
   * @param after the phase that begins with this state
   */
  Step emit(StateEvent event, Continuation then, Phase after) {
    if (!recorded.accepts(event.state())) {
      String message = "transition from " + recorded + " -> " + event.state() + " is illegal";
      return add(new Effect.Violation(new BugException(message))).die();
    }
    recorded = recorded.after(event.state());
    phase = after;
    pending = then;
    return add(Effect.Emit.of(event)).done();
  }

  /** Starts the stream's own timer, in place of a running one. */
  Step armTimer(long ms) {
    timerRuns = true;
    return add(new Effect.ArmTimeout(ms)).done();
  }

  /** Stops the stream's own timer if it runs. */
  Move cancelTimer() {
    if (timerRuns) {
      timerRuns = false;
      add(Bare.CANCEL_TIMEOUT);
    }
    return this;
  }

  /** The stream's own timer fired. */
  Step timerFired() {
    if (!timerRuns) {
      return done();
    }
    timerRuns = false;
    return emit(StreamState.TIMEOUT, Continuation.TIMED_OUT);
  }

  /** The stream ends by our own will. */
  Step die() {
    return letGo().end(StateEvent.of(StreamState.DISCONNECTED));
  }

  /** The stream ends because nothing may be made of its stream type any more. */
  Step withdraw(Failure why) {
    lastFailure = Optional.of(why);
    if (phase == Phase.NEW) {
      return letGo().emit(StateEvent.of(StreamState.CREATING), Continuation.WITHDRAWN, Phase.OVER);
    }
    return letGo()
        .end(StateEvent.of(StreamState.DISCONNECTED).withFailure(why), Continuation.WITHDRAWN);
  }

  private Move letGo() {
    boolean holdsLink =
        switch (phase) {
          case ATTEMPT, CONNECTED -> true;
          case NEW, IDLE, WAIT -> profile.role() != Role.CLIENT;
          case OVER -> false;
        };
    return holdsLink ? add(Bare.CLOSE_LINK) : this;
  }

  /**
   * The stream ends and its link is gone.
   *
   * @param disconnected the DISCONNECTED to report if CONNECTED was reported
   */
  Step end(StateEvent disconnected) {
    return end(disconnected, Continuation.LEAVING);
  }

  private Step end(StateEvent disconnected, Continuation leaving) {
    if (phase == Phase.WAIT) {
      add(Bare.CANCEL_RETRY);
    }
    cancelTimer();
    boolean dangling = phase == Phase.CONNECTED;
    phase = Phase.OVER;
    if (dangling && recorded.accepts(StreamState.DISCONNECTED)) {
      return emit(disconnected, leaving, Phase.OVER);
    }
    return leaving == Continuation.WITHDRAWN ? withdrawn() : destroying();
  }

  /** The last state, if there was a first one. */
  Step destroying() {
    return destroying(StateEvent.of(StreamState.DESTROYING));
  }

  /** The last state, which says why it comes. */
  Step withdrawn() {
    StateEvent event = StateEvent.of(StreamState.DESTROYING);
    return destroying(lastFailure.map(event::withFailure).orElse(event));
  }

  private Step destroying(StateEvent event) {
    if (recorded.accepts(StreamState.DESTROYING) && recorded.state().isPresent()) {
      return emit(event, Continuation.GONE, phase);
    }
    return add(Bare.RELEASE).done();
  }
}
