package io.securestreams.tool;

import io.securestreams.core.error.Quoted;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyOverview;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sstream show}: a policy with its defaults filled in. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows what a policy says, with everything that it leaves out filled in.",
    footer = {
      "",
      "Private keys and proxy passwords are not shown.",
      "Exits with 2 if the policy has errors, or no stream type of that name.",
    })
final class ShowCommand implements Callable<Integer> {

  private static final int KEY_WIDTH = 32;

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "FILE", description = "a policy file")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TYPE",
      description = "a stream type of it: show that one and what it refers to")
  private Optional<String> type = Optional.empty();

  @Mixin private OverlayOptions overlays = new OverlayOptions();

  @Option(names = "--json", description = "one JSON document, for scripts")
  private boolean json;

  ShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PolicyFile policy = PolicyFile.load(file, overlays.files(), terminal);
    PolicyDatabase database = policy.database();
    PolicyOverview overview =
        type.map(name -> PolicyOverview.of(database, policy.streamType(name)))
            .orElseGet(() -> PolicyOverview.of(database));
    if (json) {
      terminal.out().print(overview.json());
    } else {
      print(overview.parts());
    }
    return Ending.REACHED.code();
  }

  private void print(List<PolicyOverview.Part> parts) {
    String separator = "";
    for (PolicyOverview.Part part : parts) {
      terminal.out().print(separator + terminal.palette().strong(title(part)) + "\n");
      part.settings().forEach(this::print);
      separator = "\n";
    }
  }

  private void print(PolicyOverview.Setting setting) {
    String value = setting.value().isEmpty() ? "-" : setting.value();
    String mark = setting.given() || setting.value().isEmpty() ? "" : "  (default)";
    String line =
        String.format(Locale.ROOT, "  %-" + KEY_WIDTH + "s %s%s", setting.key(), value, mark);
    terminal.out().print((setting.given() ? line : terminal.palette().dim(line)) + "\n");
  }

  private static String title(PolicyOverview.Part part) {
    return part.section().isEmpty() ? "policy" : part.section() + " " + Quoted.escaped(part.name());
  }
}
