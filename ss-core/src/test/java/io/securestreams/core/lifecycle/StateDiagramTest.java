package io.securestreams.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.StreamState;
import org.junit.jupiter.api.Test;

class StateDiagramTest {

  @Test
  void drawsEveryCellOnceAndNothingElse() {
    int cells = StateTable.first().size();
    for (StreamState from : StreamState.values()) {
      cells += StateTable.after(from).size();
      for (StreamState to : StreamState.values()) {
        assertThat(StateDiagram.mermaid().contains("    " + from + " --> " + to + "\n"))
            .as("%s -> %s", from, to)
            .isEqualTo(StateTable.after(from).contains(to));
      }
    }
    assertThat(StateDiagram.mermaid().lines()).hasSize(1 + cells + 1).doesNotHaveDuplicates();
  }

  @Test
  void beginsAndEndsAsMermaidWantsIt() {
    assertThat(StateDiagram.mermaid())
        .startsWith(
            """
            stateDiagram-v2
                [*] --> CREATING
                [*] --> DESTROYING
                CREATING --> CONNECTING
                CREATING --> DESTROYING
            """)
        .endsWith("    DESTROYING --> [*]\n");
  }
}
