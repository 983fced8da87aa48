package io.securestreams.core.lifecycle;

import io.securestreams.core.event.StreamState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a stream stands in the {@link StateTable}: the state reported last, and what may follow.
 *
 * <p>After TIMEOUT everything is accepted that is legal after TIMEOUT or after the state before it.
 * The reference's table alone would stop a server stream whose timer fired.
 *
 * <p><b>Shape:</b> immutable; all instances exist from the start and are shared.
 */
public final class RecordedState {

  /** Nothing was reported yet. */
  public static final RecordedState NONE = new RecordedState(Optional.empty(), StateTable.first());

  private static final Map<StreamState, RecordedState> PLAIN = new EnumMap<>(StreamState.class);
  private static final Map<StreamState, RecordedState> TIMED_OUT = new EnumMap<>(StreamState.class);

  static {
    for (StreamState state : StreamState.values()) {
      Set<StreamState> followers = StateTable.after(state);
      PLAIN.put(state, new RecordedState(Optional.of(state), followers));
      EnumSet<StreamState> either = EnumSet.copyOf(StateTable.after(StreamState.TIMEOUT));
      either.addAll(followers);
      TIMED_OUT.put(
          state,
          new RecordedState(Optional.of(StreamState.TIMEOUT), Collections.unmodifiableSet(either)));
    }
  }

  private final Optional<StreamState> state;
  private final Set<StreamState> followers;

  private RecordedState(Optional<StreamState> state, Set<StreamState> followers) {
    this.state = state;
    this.followers = followers;
  }

  /** The state reported last, not counting those that are waved through; empty at first. */
  public Optional<StreamState> state() {
    return state;
  }

  /**
   * True if the state may be reported now.
   *
   * @param next the state to report
   */
  public boolean accepts(StreamState next) {
    return followers.contains(next) || StateTable.isWavedThrough(next);
  }

  /**
   * The record after a state was reported.
   *
   * @param next a state that {@link #accepts} agrees to
   * @throws IllegalArgumentException if the state may not be reported now
   */
  public RecordedState after(StreamState next) {
    if (!accepts(next)) {
      throw new IllegalArgumentException("transition from " + this + " -> " + next + " is illegal");
    }
    if (StateTable.isWavedThrough(next)) {
      return this;
    }
    if (next == StreamState.TIMEOUT) {
      return state
          .map(before -> before == StreamState.TIMEOUT ? this : timedOut(before))
          .orElse(this);
    }
    return PLAIN.getOrDefault(next, this);
  }

  private static RecordedState timedOut(StreamState before) {
    return TIMED_OUT.getOrDefault(before, NONE);
  }

  /** The name of the state reported last. */
  @Override
  public String toString() {
    return state.map(StreamState::name).orElse("(unset)");
  }
}
