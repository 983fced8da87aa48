package io.securestreams.tool;

import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code sstream} command. */
@Command(
    name = "sstream",
    mixinStandardHelpOptions = true,
    versionProvider = SStream.Version.class,
    description = "Checks policies and tries secure streams from the shell.",
    footer = {
      "",
      "Exit codes: 0 the end was reached, 1 time ran out, 2 bad policy or arguments, 3 all retries "
          + "failed, 4 the peer refused, 70 a defect of this program.",
      "Colours are left out if NO_COLOR is set or the output is no terminal.",
    })
public final class SStream implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private SStream() {}

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param args as given in the shell
   */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), SecureStreams::builder, args));
  }

  /**
   * Runs the command; gives the exit code.
   *
   * @param builders give what streams are made with
   */
  static int run(Terminal terminal, Supplier<SecureStreamsBuilder> builders, String... args) {
    try {
      return commandLine(terminal, builders).execute(args);
    } catch (RuntimeException e) {
      return failed(terminal, e);
    }
  }

  private static CommandLine commandLine(
      Terminal terminal, Supplier<SecureStreamsBuilder> builders) {
    CommandLine line =
        new CommandLine(new SStream())
            .addSubcommand(new DemoCommand(terminal, builders))
            .addSubcommand(new CheckCommand(terminal))
            .addSubcommand(new GenerateCommand(terminal))
            .addSubcommand(new ShowCommand(terminal))
            .addSubcommand(new DiffCommand(terminal))
            .addSubcommand(new RetryCommand(terminal))
            .addSubcommand(new ConnectCommand(terminal, builders))
            .addSubcommand(new ServeCommand(terminal, builders))
            .addSubcommand(new StateDiagramCommand(terminal))
            .addSubcommand(new SchemaCommand(terminal))
            .addSubcommand(new GenerateCompletion());
    // Payload and names may begin with '@'.
    return line.setExpandAtFiles(false)
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setParameterExceptionHandler(SStream::badArguments)
        .setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, e));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  private static int badArguments(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, line.getErr());
    line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return Ending.MISTAKE.code();
  }

  private static int failed(Terminal terminal, Exception e) {
    Optional<String> mistake = Mistakes.sentence(e);
    if (mistake.isPresent()) {
      terminal.diagnose(mistake.get());
      return Ending.MISTAKE.code();
    }
    terminal.diagnose("this is a defect of the program, please report it");
    e.printStackTrace(terminal.err());
    return Ending.BUG.code();
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = SStream.class.getPackage().getImplementationVersion();
      return new String[] {"sstream " + (version == null ? "(not packaged)" : version)};
    }
  }
}
