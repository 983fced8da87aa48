package io.securestreams.tool;

import io.securestreams.core.policy.RetryScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sstream retry}: what a retry scheme does. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = "Shows the waits of a retry scheme and where its concealment ends.")
final class RetryCommand implements Callable<Integer> {

  private static final int CLIENTS = 1000;

  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "a policy file")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Parameters(index = "1", paramLabel = "NAME", description = "a retry scheme of it")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      description = "show so many failures, 1..1000 (default: the whole scheme)")
  private Optional<Integer> attempts = Optional.empty();

  @Option(names = "--seed", paramLabel = "S", description = "draw the same jitter again")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      description = "draw when 1000 clients come back")
  private Optional<Path> plot = Optional.empty();

  RetryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RetryScheme scheme = PolicyFile.load(file, terminal).retryScheme(name);
    int count = attempts.orElse(RetryTable.usualAttempts(scheme));
    if (count < 1 || count > 1000) {
      throw new ParameterException(
          spec.commandLine(), "--attempts " + count + " is not in 1..1000");
    }
    SplittableRandom random = seed.map(SplittableRandom::new).orElseGet(SplittableRandom::new);
    RetryTable.of(scheme, count, random)
        .lines(scheme, terminal.palette())
        .forEach(terminal.out()::println);
    plot.ifPresent(target -> draw(Spread.of(scheme, CLIENTS, count, random), target));
    return Ending.REACHED.code();
  }

  private void draw(Spread spread, Path target) {
    try {
      Files.writeString(target, SpreadPlot.svg(spread), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new MistakeException(
          e instanceof NoSuchFileException
              ? "cannot write " + target + ": there is no such directory"
              : "cannot write " + target + ": " + e.getMessage());
    }
    terminal.diagnose("drawn: " + target);
  }
}
