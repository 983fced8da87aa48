package io.securestreams.tool;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.policy.json.Lint;
import io.securestreams.core.policy.json.PolicyParser;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What is looked for in a policy beyond validity. */
final class LintOptions {

  @Option(
      names = "--silence",
      paramLabel = "CODE",
      split = ",",
      converter = CodeConverter.class,
      description =
          "leave out the warnings of a code, for example PLAINTEXT (repeatable, or several with"
              + " commas); errors are always told")
  private List<FindingCode> silenced = List.of();

  @Option(
      names = "--unused",
      description = "tell certificates, trust stores, retry schemes and auth that nothing uses")
  private boolean unused;

  /** The parser that looks for it. */
  PolicyParser of(PolicyParser parser) {
    Lint lint = Lint.standard(Clock.systemUTC()).silencing(silenced.toArray(FindingCode[]::new));
    return parser.linting(unused ? lint.reportingUnused() : lint);
  }

  /** A code by its name; small letters will do. */
  static final class CodeConverter implements ITypeConverter<FindingCode> {

    @Override
    public FindingCode convert(String written) {
      List<String> names = Arrays.stream(FindingCode.values()).map(FindingCode::name).toList();
      String name = written.toUpperCase(Locale.ROOT);
      if (!names.contains(name)) {
        throw new TypeConversionException(
            "no finding has the code '" + written + "'" + NearestName.hintOrAll(written, names));
      }
      return FindingCode.valueOf(name);
    }
  }
}
