package io.securestreams.tool;

import io.securestreams.core.error.Quoted;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.policy.json.PolicyDiff;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sstream diff}: whom another policy would disturb. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Tells which stream types a swap of policies would disturb, and why.",
    footer = {
      "",
      "MOVED: clients connect anew. REBOUND, SECURED: a listener changes its address, goes between TCP",
      "and UDP, or TLS comes or goes. ENDED: the stream type is gone or cannot be used. RENEWED, ADDED:",
      "nobody is disturbed.",
      "What is not listed stays as it is. Exits with 2 if one of the policies has errors.",
    })
final class DiffCommand implements Callable<Integer> {

  private static final int LONGEST_EFFECT = 9;

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "OLD", description = "the policy in force")
  @SuppressWarnings("NullAway.Init")
  private Path old;

  @Parameters(index = "1", paramLabel = "NEW", description = "the policy to come")
  @SuppressWarnings("NullAway.Init")
  private Path next;

  DiffCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PolicyFile before = PolicyFile.load(old, terminal);
    PolicyFile after = PolicyFile.load(next, terminal);
    PolicyDiff diff = PolicyDiff.between(before.database(), after.database());
    int width =
        diff.changes().stream()
            .mapToInt(change -> Quoted.escaped(change.streamType()).length())
            .max()
            .orElse(0);
    diff.changes().forEach(change -> print(change, width));
    long disturbed =
        diff.changes().stream().filter(change -> change.effect().isDisturbing()).count();
    terminal
        .err()
        .println(
            disturbed
                + " of "
                + before.database().streamTypes().size()
                + " stream types disturbed");
    return Ending.REACHED.code();
  }

  private void print(PolicyDiff.Change change, int width) {
    String head =
        pad(Quoted.escaped(change.streamType()), width)
            + pad(change.effect().name(), LONGEST_EFFECT);
    String painted =
        change.effect().isDisturbing()
            ? terminal.palette().warm(head)
            : terminal.palette().dim(head);
    if (change.reasons().isEmpty()) {
      String why = change.effect() == SwapEffect.ADDED ? "not in " + old : "not in " + next;
      terminal.out().println(painted + why);
    }
    for (PolicyDiff.Reason reason : change.reasons()) {
      terminal.out().println(painted + reason);
      painted = " ".repeat(head.length());
    }
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  ", text);
  }
}
