package io.securestreams.tool;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.PlatformReview;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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

  @Mixin private OverlayOptions overlays = new OverlayOptions();

  @Mixin private LintOptions linting = new LintOptions();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PolicyParser parser = linting.of(strict ? PolicyParser.strict() : PolicyParser.lenient());
    Ending ending = Ending.REACHED;
    for (Path file : files) {
      if (!isClean(file, parser)) {
        ending = Ending.MISTAKE;
      }
    }
    return ending.code();
  }

  /** A policy, and each overlay upon what the ones before it gave. */
  private boolean isClean(Path file, PolicyParser parser) {
    Optional<PolicyDatabase> policy = checked(file, () -> PolicyFile.parse(file, parser));
    if (policy.isEmpty()) {
      overlays.files().forEach(o -> terminal.diagnose(o + " needs a policy without errors"));
      return false;
    }
    PolicyDatabase base = policy.get();
    boolean clean = true;
    for (Path overlay : overlays.files()) {
      PolicyDatabase under = base;
      Optional<PolicyDatabase> laid =
          checked(overlay, () -> PolicyFile.overlay(under, overlay, parser));
      clean &= laid.isPresent();
      base = laid.orElse(under);
    }
    return clean;
  }

  /** What a file gives, unless it has errors. */
  private Optional<PolicyDatabase> checked(Path file, Supplier<PolicyParse> reading) {
    PolicyParse parse;
    try {
      parse = reading.get();
    } catch (MistakeException e) {
      terminal.diagnose(e.sentence());
      return Optional.empty();
    }
    List<Finding> findings = parse.findings();
    findings.forEach(finding -> terminal.out().println(paint(finding)));
    parse
        .database()
        .map(PlatformReview::of)
        .orElse(List.of())
        .forEach(lack -> terminal.diagnose(file + ": on this machine " + lack));
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
    return parse.database();
  }

  private String paint(Finding finding) {
    String line = finding.toString();
    return finding.isError() ? terminal.palette().bad(line) : terminal.palette().warm(line);
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
