package io.securestreams.tool;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The names of states on the command line. A user state's name is its number. */
final class StateNames {

  private StateNames() {}

  static String of(StateEvent event) {
    return event.state() == StreamState.USER
        ? Integer.toString(event.code())
        : event.state().name();
  }

  /** The state that a name stands for; user states have no name. */
  static Optional<StreamState> find(String name) {
    return Arrays.stream(StreamState.values())
        .filter(state -> state != StreamState.USER && state.name().equals(name))
        .findFirst();
  }

  static List<String> all() {
    return Arrays.stream(StreamState.values())
        .filter(state -> state != StreamState.USER)
        .map(Enum::name)
        .toList();
  }
}
