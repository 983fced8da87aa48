package io.securestreams.core.lifecycle;

import io.securestreams.core.event.StreamState;
import java.util.Comparator;

/** The {@link StateTable} as a picture. */
public final class StateDiagram {

  private StateDiagram() {}

  /**
   * Every legal transition as a Mermaid {@code stateDiagram-v2}, one per line, in code order.
   *
   * <p>States that are waved through are not drawn, nor is what the state before TIMEOUT adds.
   */
  public static String mermaid() {
    StringBuilder text = new StringBuilder("stateDiagram-v2\n");
    StateTable.first().stream()
        .sorted(Comparator.comparingInt(StreamState::code))
        .forEach(to -> line(text, "[*]", to.name()));
    for (StreamState from : StreamState.values()) {
      StateTable.after(from).stream()
          .sorted(Comparator.comparingInt(StreamState::code))
          .forEach(to -> line(text, from.name(), to.name()));
    }
    line(text, StreamState.DESTROYING.name(), "[*]");
    return text.toString();
  }

  private static void line(StringBuilder text, String from, String to) {
    text.append("    ").append(from).append(" --> ").append(to).append('\n');
  }
}
