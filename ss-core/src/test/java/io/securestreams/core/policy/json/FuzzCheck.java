package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Severity;
import io.securestreams.core.policy.PolicyDatabase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What holds of every text, whether it is a policy or not. */
final class FuzzCheck {

  private static final int MOST = Findings.LIMIT;
  private static final int TELLING = 16;
  private static final PolicyDatabase BASE =
      SampleFiles.parse(SampleFiles.SAMPLES.resolve("invalid/overlays/base.json")).orThrow();

  private final Set<String> secrets = new HashSet<>();

  /**
   * Knows what must never be shown.
   *
   * @param secrets private keys, as they stand in the texts
   */
  FuzzCheck(List<String> secrets) {
    secrets.forEach(secret -> pieces(secret).forEach(this.secrets::add));
  }

  private static List<String> pieces(String text) {
    return IntStream.rangeClosed(0, text.length() - TELLING)
        .mapToObj(at -> text.substring(at, at + TELLING))
        .toList();
  }

  /** Checks a text that came as bytes. */
  PolicyParse check(byte[] bytes) {
    PolicyParse parse = PolicyParser.lenient().parse(new ByteArrayInputStream(bytes), "fuzz");
    String text = new String(bytes, StandardCharsets.UTF_8);
    checkFindings(parse, text);
    boolean readable =
        parse.findings().stream().noneMatch(finding -> finding.message().startsWith("not UTF-8"));
    if (readable) {
      assertThat(check(text)).isEqualTo(parse);
    }
    return parse;
  }

  /** Checks a text. */
  PolicyParse check(String text) {
    PolicyParse parse = PolicyParser.lenient().parse(text, "fuzz");
    checkFindings(parse, text);
    assertThat(PolicyParser.lenient().parse(text, "fuzz")).as("read again").isEqualTo(parse);
    checkStrict(parse, PolicyParser.strict().parse(text, "fuzz"));
    checkBothReaders(text);
    parse.database().ifPresent(database -> checkWritten(parse));
    checkOverlay(text);
    return parse;
  }

  /** What is laid upon a policy is a policy again, or says why not. */
  private void checkOverlay(String text) {
    PolicyParse overlaid = PolicyParser.lenient().overlay(BASE, text, "fuzz");
    checkFindings(overlaid, text);
    overlaid.database().ifPresent(database -> checkWritten(overlaid));
  }

  /** Findings are placed inside the text, have a path, and errors are why there is no database. */
  void checkFindings(PolicyParse parse, String text) {
    List<Finding> findings = parse.findings();
    assertThat(parse.database().isEmpty())
        .as(findings.toString())
        .isEqualTo(findings.stream().anyMatch(Finding::isError));
    assertThat(findings).hasSizeLessThanOrEqualTo(2 * MOST + 2);
    String[] lines = text.split("\r\n|\r|\n", -1);
    for (Finding finding : findings) {
      int line = finding.location().line();
      assertThat(line).as(finding.toString()).isBetween(1, lines.length);
      String content = lines[line - 1];
      assertThat(finding.location().column())
          .as(finding.toString())
          .isBetween(1, 1 + content.codePointCount(0, content.length()));
      assertThat(finding.path()).startsWith("$");
      assertThat(finding.message()).isNotBlank();
      assertThat(finding.toString().split("\\R", -1)).as(finding.toString()).hasSize(1);
      assertHidesSecrets(finding.message());
    }
  }

  /** A private key is not shown, nor a part of one. */
  void assertHidesSecrets(String shown) {
    assertThat(pieces(shown)).as("a private key in %s", shown).noneMatch(secrets::contains);
  }

  /** Laid upon a policy, a text changes it or is refused; the policy stays what it was. */
  void checkOverlay(PolicyDatabase base, String text) {
    String before = PolicyWriter.write(base);

    PolicyParse parse = PolicyParser.lenient().overlay(base, text, "fuzz");

    checkFindings(parse, text);
    assertThat(PolicyWriter.write(base)).isEqualTo(before);
    assertThat(PolicyParser.lenient().overlay(base, text, "fuzz")).isEqualTo(parse);
    parse.database().ifPresent(database -> checkWritten(parse));
  }

  private static void checkStrict(PolicyParse lenient, PolicyParse strict) {
    boolean unknown =
        lenient.findings().stream().anyMatch(f -> f.code() == FindingCode.UNKNOWN_KEY);
    if (!unknown) {
      assertThat(strict).as("strict").isEqualTo(lenient);
    } else if (lenient.findings().size() < MOST) {
      assertThat(strict.findings())
          .as("strict")
          .isEqualTo(lenient.findings().stream().map(FuzzCheck::raised).toList());
    }
    assertThat(strict.database().isEmpty())
        .as("strict")
        .isEqualTo(unknown || lenient.database().isEmpty());
  }

  private static Finding raised(Finding finding) {
    return finding.code() != FindingCode.UNKNOWN_KEY
        ? finding
        : new Finding(
            Severity.ERROR, finding.code(), finding.location(), finding.path(), finding.message());
  }

  private static void checkBothReaders(String text) {
    String document = new PolicyText("fuzz", text).text();
    boolean tokenizes =
        JsonTreeReader.read(document).filter(JsonValue.Obj.class::isInstance).isPresent();
    assertThat(SyntaxScanner.scan(document).isEmpty())
        .as("both readers of JSON agree")
        .isEqualTo(tokenizes);
  }

  private static void checkWritten(PolicyParse parse) {
    String written = PolicyWriter.write(parse.orThrow());
    PolicyParse again = PolicyParser.strict().parse(written, "written");
    assertThat(again.database())
        .as("written: %s\n%s", again.findings(), written)
        .isEqualTo(parse.database());
    assertThat(PolicyWriter.write(again.orThrow())).isEqualTo(written);
    assertThat(PolicyParser.lenient().overlay(parse.orThrow(), "{}", "nothing"))
        .as("nothing laid upon: %s", written)
        .isEqualTo(new PolicyParse(parse.database(), List.of()));
  }
}
