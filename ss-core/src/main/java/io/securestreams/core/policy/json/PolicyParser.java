package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.PolicyDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Reads policies and overlays. Whatever the text is, the answer is a {@link PolicyParse}: bad input
 * never throws.
 *
 * <p><b>Shape:</b> RFC 8259 JSON in UTF-8 with {@code #} comments; one byte order mark and blanks
 * may come first. Instances are immutable and safe for any thread.
 *
 * <p><b>Units:</b> at most 16 MiB of text, 64 levels, 262144 values, 4096 characters a string
 * (certificates excepted: 65536 bytes of DER).
 */
public final class PolicyParser {

  private static final int LARGEST = 16 * 1024 * 1024;
  private static final Place START = new Place(JsonPath.ROOT, 0);
  private static final PolicyParser LENIENT = new PolicyParser(false, Optional.empty());
  private static final PolicyParser STRICT = new PolicyParser(true, Optional.empty());

  private final boolean strict;
  private final Optional<Lint> lint;

  private PolicyParser(boolean strict, Optional<Lint> lint) {
    this.strict = strict;
    this.lint = lint;
  }

  /** The parser for which an unknown key is a warning, so that policies for newer readers load. */
  public static PolicyParser lenient() {
    return LENIENT;
  }

  /** The parser for which an unknown key is an error. Recommended where policies are written. */
  public static PolicyParser strict() {
    return STRICT;
  }

  /**
   * The same parser with an eye on what is valid but unwise.
   *
   * @param added what to look at, and which warnings to leave out; replaces an earlier one
   */
  public PolicyParser linting(Lint added) {
    return new PolicyParser(strict, Optional.of(added));
  }

  /**
   * Reads a policy from a file.
   *
   * @param file its name, as given, is the source of the findings
   * @throws UncheckedIOException naming the file, if it cannot be read
   */
  public PolicyParse parse(Path file) {
    return read(file, Ground.NONE);
  }

  /**
   * Reads a policy from a stream, to its end. The stream is not closed.
   *
   * @param input UTF-8
   * @param source label for the findings
   * @throws UncheckedIOException naming the source, if the stream fails
   */
  public PolicyParse parse(InputStream input, String source) {
    return read(input, source, Ground.NONE);
  }

  /**
   * Reads a policy from a text.
   *
   * @param text the document
   * @param source label for the findings
   */
  public PolicyParse parse(String text, String source) {
    return read(text, source, Ground.NONE);
  }

  /**
   * Lays an overlay from a file upon a policy.
   *
   * @param base the policy, which is not changed
   * @param file its name, as given, is the source of the findings
   * @return as {@link #overlay(PolicyDatabase, String, String)}
   * @throws UncheckedIOException naming the file, if it cannot be read
   */
  public PolicyParse overlay(PolicyDatabase base, Path file) {
    return read(file, Ground.of(base));
  }

  /**
   * Lays an overlay from a stream upon a policy. The stream is not closed.
   *
   * @param base the policy, which is not changed
   * @param input UTF-8, read to its end
   * @param source label for the findings
   * @return as {@link #overlay(PolicyDatabase, String, String)}
   * @throws UncheckedIOException naming the source, if the stream fails
   */
  public PolicyParse overlay(PolicyDatabase base, InputStream input, String source) {
    return read(input, source, Ground.of(base));
  }

  /**
   * Lays an overlay upon a policy: a text of the same structure that holds only what changes.
   *
   * <p><b>Shape:</b> members given to a stream type of the policy replace what it has, the others
   * stay; {@code false} clears a flag. {@code metadata} is replaced by name and may grow, other
   * arrays are replaced as a whole. A new stream type is warned of, because its name may be
   * misspelt. {@code retry}, {@code certs}, {@code trust_stores}, {@code auth} and {@code metrics}
   * may define new names; a reference is looked up in the overlay, then in the policy. {@code
   * release}, {@code product} and {@code via-socks5} replace the policy's; a client that went
   * through the policy's proxy then goes through the new one. Several overlays are applied one
   * after the other, each upon what the one before gave.
   *
   * <p><b>Errors:</b> the whole result is checked as a policy is. What is wrong with a member that
   * the overlay does not give, but makes wrong, is reported where it names the stream type, else at
   * its root. What there is to say of the policy without it is not repeated.
   *
   * <p><b>Source:</b> {@code lws_ss_policy_overlay}, which finds stream types by prefix, cannot
   * clear most flags, resolves names in the overlay only and damages the policy if it fails.
   *
   * @param base the policy, which is not changed
   * @param text the overlay
   * @param source label for the findings
   * @return the changed policy, or none if a finding is an error
   */
  public PolicyParse overlay(PolicyDatabase base, String text, String source) {
    return read(text, source, Ground.of(base));
  }

  private PolicyParse read(Path file, Ground ground) {
    try (InputStream input = Files.newInputStream(file)) {
      return read(input, file.toString(), ground);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read the policy " + file, unreadable);
    }
  }

  private PolicyParse read(InputStream input, String source, Ground ground) {
    byte[] bytes;
    try {
      bytes = input.readNBytes(LARGEST + 1);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read the policy " + source, unreadable);
    }
    if (bytes.length > LARGEST) {
      return tooLarge(source);
    }
    ByteBuffer undecoded = ByteBuffer.wrap(bytes);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(undecoded, decoded, true);
    String text = decoded.flip().toString();
    if (!result.isError()) {
      return read(text, source, ground);
    }
    PolicyText good = new PolicyText(source, text);
    return refused(
        good,
        FindingCode.ENCODING,
        new Place(JsonPath.ROOT, good.text().length()),
        "not UTF-8, at byte " + undecoded.position());
  }

  private PolicyParse read(String text, String source, Ground ground) {
    if (text.length() > LARGEST) {
      return tooLarge(source);
    }
    PolicyText indexed = new PolicyText(source, text);
    Optional<JsonValue> root;
    try {
      root = JsonTreeReader.read(indexed.text());
    } catch (JsonTreeReader.TooManyValues tooMany) {
      return refused(
          indexed, FindingCode.LIMIT, START, "more than " + JsonTreeReader.MOST_VALUES + " values");
    }
    if (root.isEmpty() || !(root.get() instanceof JsonValue.Obj document)) {
      SyntaxScanner.Fault fault = SyntaxScanner.explain(indexed.text());
      return refused(indexed, FindingCode.SYNTAX, fault.place(), fault.message());
    }
    return read(indexed, document, ground);
  }

  private PolicyParse read(PolicyText text, JsonValue.Obj document, Ground ground) {
    Findings findings = new Findings(text, strict);
    findings.silence(lint.map(Lint::silenced).orElse(Set.of()));
    Optional<PolicyDatabase> database = Optional.empty();
    try {
      DatabaseReader reader = new DatabaseReader(ground, findings);
      database = reader.read(document);
      if (database.isPresent()) {
        lint.ifPresent(reader::lint);
      }
    } catch (Findings.TooMany enough) {
      // The findings say so.
    }
    return new PolicyParse(database, findings.inOrder());
  }

  private PolicyParse tooLarge(String source) {
    PolicyText none = new PolicyText(source, "");
    return refused(none, FindingCode.LIMIT, START, "larger than " + LARGEST + " bytes");
  }

  private PolicyParse refused(PolicyText text, FindingCode code, Place place, String message) {
    Findings findings = new Findings(text, strict);
    findings.add(code, place, message);
    return new PolicyParse(Optional.empty(), findings.inOrder());
  }
}
