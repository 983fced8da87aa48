package io.securestreams.tool;

import io.securestreams.core.lifecycle.StateDiagram;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sstream state-diagram}: the lifecycle, from the table that the runtime itself obeys. */
@Command(
    name = "state-diagram",
    mixinStandardHelpOptions = true,
    description = "Prints the states and their legal successors as a Mermaid diagram.")
final class StateDiagramCommand implements Callable<Integer> {

  private final Terminal terminal;

  StateDiagramCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(StateDiagram.mermaid());
    return Ending.REACHED.code();
  }
}
