package io.securestreams.tool;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.StreamType;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How events are printed. */
final class OutputOptions {

  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  /** One of the two, or none. */
  static final class Form {

    @Option(names = "--json", description = "each event is one line of JSON")
    private boolean json;

    @Option(names = "--quiet", description = "received bytes to standard output, nothing else")
    private boolean quiet;
  }

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  boolean isQuiet() {
    return form.quiet;
  }

  /**
   * The printer that was asked for.
   *
   * @param label what people see before the events of a stream
   */
  HappeningPrinter printer(
      Terminal terminal,
      StreamType type,
      JsonPrinter.Numbering numbering,
      IntFunction<String> label) {
    Set<String> secret = secretNames(type);
    if (form.quiet) {
      return new QuietPrinter(terminal.out());
    }
    return form.json
        ? new JsonPrinter(terminal.out(), numbering, secret::contains)
        : new HumanPrinter(terminal.out(), terminal.palette(), label, secret::contains);
  }

  /** The metadata names whose values are credentials. */
  static Set<String> secretNames(StreamType type) {
    Set<String> names = new HashSet<>(Set.of("auth"));
    for (MetadataDeclaration declaration : type.metadata()) {
      if (declaration.header().filter(SECRET_HEADERS::contains).isPresent()) {
        names.add(declaration.name());
      }
    }
    return names;
  }
}
