package io.securestreams.tool;

import io.securestreams.core.policy.json.PolicyReference;
import io.securestreams.core.policy.json.PolicySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sstream schema}: the policy language for editors and for people. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints the JSON Schema (draft-07) of the policy language, for editors.")
final class SchemaCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(
      names = "--markdown",
      description = "print a table of all keys for people to read instead")
  private boolean markdown;

  SchemaCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(markdown ? PolicyReference.markdown() : PolicySchema.json());
    return Ending.REACHED.code();
  }
}
