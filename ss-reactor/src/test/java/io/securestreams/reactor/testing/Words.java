package io.securestreams.reactor.testing;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;

/** Events in short: {@code CONNECTED}, {@code 1530}, {@code rx(7,SOM)}, {@code name=value}. */
public final class Words {

  private Words() {}

  /** As {@link EventLog} writes it down: states without their facts. */
  public static String of(StreamEvent event) {
    return EventLog.text(event);
  }

  /** States with the kind of failure, if one is behind them: {@code UNREACHABLE[DNS]}. */
  public static String withKind(StreamEvent event) {
    String word = of(event);
    return event instanceof StateEvent state
        ? state.failureKind().map(kind -> word + "[" + kind + "]").orElse(word)
        : word;
  }

  /**
   * A whole series that fails, each state with its kind.
   *
   * @param start how the first attempt begins: {@code CONNECTING} or {@code POLL CONNECTING}
   * @param kind the kind of every failure
   * @param attempts how many
   */
  public static String[] failing(String start, FailureKind kind, int attempts) {
    return (start
            + (" UNREACHABLE[" + kind + "] POLL CONNECTING").repeat(attempts - 1)
            + " UNREACHABLE["
            + kind
            + "] ALL_RETRIES_FAILED["
            + kind
            + "]")
        .split(" ");
  }
}
