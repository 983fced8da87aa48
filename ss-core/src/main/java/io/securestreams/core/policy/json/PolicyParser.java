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

/**
 * Reads policies. Whatever the text is, the answer is a {@link PolicyParse}: bad input never
 * throws.
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
  private static final PolicyParser LENIENT = new PolicyParser(false);
  private static final PolicyParser STRICT = new PolicyParser(true);

  private final boolean strict;

  private PolicyParser(boolean strict) {
    this.strict = strict;
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
   * Reads a policy from a file.
   *
   * @param file its name, as given, is the source of the findings
   * @throws UncheckedIOException naming the file, if it cannot be read
   */
  public PolicyParse parse(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return parse(input, file.toString());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read the policy " + file, unreadable);
    }
  }

  /**
   * Reads a policy from a stream, to its end. The stream is not closed.
   *
   * @param input UTF-8
   * @param source label for the findings
   * @throws UncheckedIOException naming the source, if the stream fails
   */
  public PolicyParse parse(InputStream input, String source) {
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
      return parse(text, source);
    }
    PolicyText good = new PolicyText(source, text);
    return refused(
        good,
        FindingCode.ENCODING,
        new Place(JsonPath.ROOT, good.text().length()),
        "not UTF-8, at byte " + undecoded.position());
  }

  /**
   * Reads a policy from a text.
   *
   * @param text the document
   * @param source label for the findings
   */
  public PolicyParse parse(String text, String source) {
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
    return read(indexed, document);
  }

  private PolicyParse read(PolicyText text, JsonValue.Obj document) {
    Findings findings = new Findings(text, strict);
    Optional<PolicyDatabase> database = Optional.empty();
    try {
      database = new DatabaseReader(findings).read(document);
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
