package io.securestreams.tool;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sstream check}: every finding on a line of its own. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Reads policies and tells everything that is wrong or unwise in them.",
    footer = {"", "Exits with 0 if there is no error (warnings are allowed), else with 2."})
final class CheckCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "policy files")
  private List<Path> files = List.of();

  @Option(names = "--strict", description = "an unknown key is an error")
  private boolean strict;

  @Mixin private LintOptions linting = new LintOptions();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Ending ending = Ending.REACHED;
    for (Path file : files) {
      if (!isClean(file)) {
        ending = Ending.MISTAKE;
      }
    }
    return ending.code();
  }

  private boolean isClean(Path file) {
    PolicyParse parse;
    try {
      parse =
          PolicyFile.parse(
              file, linting.of(strict ? PolicyParser.strict() : PolicyParser.lenient()));
    } catch (MistakeException e) {
      terminal.diagnose(e.sentence());
      return false;
    }
    List<Finding> findings = parse.findings();
    findings.forEach(finding -> terminal.out().println(paint(finding)));
    long errors = findings.stream().filter(Finding::isError).count();
    int types = parse.database().map(database -> database.streamTypes().size()).orElse(0);
    terminal
        .err()
        .println(
            file
                + ": "
                + (errors > 0 ? counted(errors, "error") : "ok, " + counted(types, "stream type"))
                + (findings.size() > errors
                    ? ", " + counted(findings.size() - errors, "warning")
                    : ""));
    return errors == 0;
  }

  private String paint(Finding finding) {
    String line = finding.toString();
    return finding.isError() ? terminal.palette().bad(line) : terminal.palette().warm(line);
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
