package io.securestreams.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.event.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table cell by cell, against the codes of the reference's own table. */
class StateTableTest {

  /** Rows by code, as the reference's source lists them; its MQTT additions are at the end. */
  private static final Map<Integer, Set<Integer>> REFERENCE = new TreeMap<>();

  static {
    REFERENCE.put(1, Set.of(6, 14, 8, 16, 7));
    REFERENCE.put(2, Set.of(6, 5, 14, 8, 3, 7));
    REFERENCE.put(3, Set.of(9, 14, 8, 3, 6, 5, 7));
    REFERENCE.put(4, Set.of(9, 14, 6, 7));
    REFERENCE.put(5, Set.of(16, 15, 4, 10, 11, 12, 13, 2, 14, 6, 8, 7));
    REFERENCE.put(6, Set.of(3, 4, 6, 5, 10, 11, 14, 8, 9, 2, 7));
    REFERENCE.put(7, Set.of());
    REFERENCE.put(8, Set.of(6, 14, 9, 7));
    REFERENCE.put(9, Set.of(6, 8, 14, 3, 7));
    REFERENCE.put(10, Set.of(2, 14, 6, 7, 10, 11));
    REFERENCE.put(11, Set.of(2, 14, 7, 10, 11));
    REFERENCE.put(12, Set.of(2, 14, 7));
    REFERENCE.put(13, Set.of(14, 7));
    REFERENCE.put(14, Set.of(6, 5, 10, 11, 8, 14, 2, 3, 7));
    REFERENCE.put(15, Set.of(2, 14, 15, 7));
    REFERENCE.put(16, Set.of(16, 15, 14, 2, 7));
  }

  @ParameterizedTest(name = "after {0}")
  @EnumSource(StreamState.class)
  void holdsEveryCellOfTheReference(StreamState from) {
    Set<Integer> expected = REFERENCE.getOrDefault(from.code(), Set.of());
    for (StreamState to : StreamState.values()) {
      assertThat(StateTable.after(from).contains(to))
          .as("%s -> %s", from, to)
          .isEqualTo(expected.contains(to.code()));
    }
  }

  @Test
  void startsWithCreatingOrDestroying() {
    assertThat(StateTable.first())
        .containsExactlyInAnyOrder(StreamState.CREATING, StreamState.DESTROYING);
  }

  @Test
  void wavesThroughWhatIsNeverRecorded() {
    assertThat(Stream.of(StreamState.values()).filter(StateTable::isWavedThrough))
        .containsExactlyInAnyOrder(
            StreamState.EVENT_WAIT_CANCELLED, StreamState.UPSTREAM_LINK_RETRY, StreamState.USER);
  }

  /** A record in each state that can be recorded. */
  static Stream<RecordedState> records() {
    Map<StreamState, RecordedState> found = new TreeMap<>();
    List<RecordedState> open = new ArrayList<>(List.of(RecordedState.NONE));
    while (!open.isEmpty()) {
      RecordedState record = open.remove(0);
      for (StreamState next : StreamState.values()) {
        if (next != StreamState.TIMEOUT
            && record.accepts(next)
            && !StateTable.isWavedThrough(next)
            && !found.containsKey(next)) {
          found.put(next, record.after(next));
          open.add(found.get(next));
        }
      }
    }
    return found.values().stream();
  }

  @Test
  void everyRowCanBeReached() {
    assertThat(records().map(RecordedState::toString).collect(Collectors.toSet())).hasSize(15);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void recordFollowsTheTable(RecordedState record) {
    StreamState state = record.state().orElseThrow();
    for (StreamState next : StreamState.values()) {
      boolean waved = StateTable.isWavedThrough(next);
      boolean legal = StateTable.after(state).contains(next);
      assertThat(record.accepts(next)).as("%s -> %s", state, next).isEqualTo(legal || waved);
      if (waved) {
        assertThat(record.after(next)).isSameAs(record);
      } else if (legal) {
        assertThat(record.after(next).state()).contains(next);
      } else {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> record.after(next))
            .withMessage("transition from %s -> %s is illegal", state, next);
      }
    }
  }

  @ParameterizedTest(name = "TIMEOUT after {0}")
  @MethodSource("records")
  void timeoutAddsToWhatWasLegalBefore(RecordedState before) {
    if (!before.accepts(StreamState.TIMEOUT)) {
      assertThat(before.state()).contains(StreamState.DESTROYING);
      return;
    }
    StreamState state = before.state().orElseThrow();
    RecordedState once = before.after(StreamState.TIMEOUT);
    RecordedState twice = once.after(StreamState.TIMEOUT);
    for (RecordedState record : List.of(once, twice)) {
      assertThat(record.state()).contains(StreamState.TIMEOUT);
      for (StreamState next : StreamState.values()) {
        assertThat(record.accepts(next))
            .as("%s, TIMEOUT -> %s", state, next)
            .isEqualTo(
                StateTable.after(StreamState.TIMEOUT).contains(next)
                    || StateTable.after(state).contains(next)
                    || StateTable.isWavedThrough(next));
      }
    }
  }

  @Test
  void timeoutIsForgottenByTheNextState() {
    RecordedState record =
        RecordedState.NONE
            .after(StreamState.CREATING)
            .after(StreamState.TIMEOUT)
            .after(StreamState.CONNECTING);
    assertThat(record.accepts(StreamState.SERVER_UPGRADE)).isFalse();
    assertThat(record.accepts(StreamState.AUTH_FAILED)).isTrue();
  }
}
