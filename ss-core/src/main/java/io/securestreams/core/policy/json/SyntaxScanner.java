package io.securestreams.core.policy.json;

import io.securestreams.core.error.Quoted;
import java.util.Optional;

/**
 * Finds the first character that makes a text unacceptable, and says why.
 *
 * <p>Only run on a text that was refused: the tokenizer proper knows neither the path nor the exact
 * character.
 */
final class SyntaxScanner {

  private final String text;
  private int at;
  private int depth;
  private JsonPath path = JsonPath.ROOT;

  private SyntaxScanner(String text) {
    this.text = text;
  }

  /**
   * The first syntax error.
   *
   * @param place where
   * @param message what is wrong
   */
  record Fault(Place place, String message) {}

  private static final class Found extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final transient Fault fault;

    Found(Fault fault) {
      super(fault.message(), null, false, false);
      this.fault = fault;
    }
  }

  /** The first error of a text, or empty if there is none. */
  static Optional<Fault> scan(String text) {
    try {
      new SyntaxScanner(text).document();
      return Optional.empty();
    } catch (Found found) {
      return Optional.of(found.fault);
    }
  }

  /** The first error of a text that the tokenizer refused. */
  static Fault explain(String refused) {
    return scan(refused)
        .orElseGet(() -> new Fault(new Place(JsonPath.ROOT, 0), "not acceptable as JSON"));
  }

  private void document() {
    skipBlank();
    if (atEnd()) {
      throw fault("empty document, expected '{'");
    }
    if (text.charAt(at) != '{') {
      throw fault("the policy must be a JSON object, expected '{'");
    }
    value();
    skipBlank();
    if (!atEnd()) {
      throw fault("text after the end of the document");
    }
  }

  private void value() {
    char c = text.charAt(at);
    if (c == '{') {
      object();
    } else if (c == '[') {
      array();
    } else if (c == '"') {
      string();
    } else if (c == '-' || isDigit(c)) {
      number();
    } else {
      literal();
    }
  }

  private void enter() {
    if (depth == JsonTreeReader.DEEPEST) {
      throw fault("nested deeper than " + JsonTreeReader.DEEPEST + " levels");
    }
    depth++;
    at++;
  }

  private void object() {
    JsonPath here = path;
    enter();
    need("missing '}'");
    boolean more = text.charAt(at) != '}';
    while (more) {
      String name = name();
      path = here.member(name);
      need("expected ':'");
      if (text.charAt(at) != ':') {
        throw fault("expected ':' after the member name");
      }
      at++;
      need("missing a value");
      value();
      path = here;
      need("missing '}'");
      more = separated('}');
      if (more) {
        need("missing a member name");
        if (text.charAt(at) == '}') {
          throw fault("expected a member name after ',' (trailing comma)");
        }
      }
    }
    at++;
    depth--;
  }

  private void array() {
    JsonPath here = path;
    enter();
    need("missing ']'");
    boolean more = text.charAt(at) != ']';
    for (int index = 0; more; index++) {
      path = here.item(index);
      value();
      path = here;
      need("missing ']'");
      more = separated(']');
      if (more) {
        need("missing a value");
        if (text.charAt(at) == ']') {
          path = here.item(index + 1);
          throw fault("trailing comma in array");
        }
      }
    }
    at++;
    depth--;
  }

  /** At a comma: passes it, true. At the end of the object or array: false. */
  private boolean separated(char end) {
    char c = text.charAt(at);
    if (c == ',') {
      at++;
      return true;
    }
    if (c != end) {
      throw fault("expected ',' or '" + end + "'");
    }
    return false;
  }

  private String name() {
    if (text.charAt(at) != '"') {
      throw fault("expected '\"' before a member name");
    }
    int open = at;
    string();
    EscapedName name = EscapedName.of(text.substring(open + 1, at - 1));
    if (name.brokenPair() >= 0) {
      at = open + 1 + name.brokenPair();
      throw fault("half of a surrogate pair in a member name");
    }
    return name.decoded();
  }

  private void string() {
    at++;
    while (true) {
      if (atEnd()) {
        throw fault("unexpected end of input in a string");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return;
      }
      if (c < ' ') {
        throw fault("control character in string");
      }
      at++;
      if (c == '\\') {
        escape();
      }
    }
  }

  private void escape() {
    if (atEnd()) {
      throw fault("unexpected end of input in a string");
    }
    char c = text.charAt(at);
    if ("\"\\/bfnrtu".indexOf(c) < 0) {
      throw fault("illegal escape \\" + shown());
    }
    at++;
    for (int digit = 0; c == 'u' && digit < 4; digit++) {
      if (atEnd()) {
        throw fault("unexpected end of input in a string");
      }
      if (hexDigit(text.charAt(at)) < 0) {
        throw fault("incomplete \\u escape");
      }
      at++;
    }
  }

  /** ASCII only. */
  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private void number() {
    if (text.charAt(at) == '-') {
      at++;
    }
    int first = at;
    digits("expected a digit after '-'");
    if (at > first + 1 && text.charAt(first) == '0') {
      at = first;
      throw fault("leading zero in a number");
    }
    if (!atEnd() && text.charAt(at) == '.') {
      at++;
      digits("expected a digit after the decimal point");
    }
    if (!atEnd() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (!atEnd() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits("expected a digit in the exponent");
    }
  }

  private void digits(String missing) {
    if (atEnd()) {
      throw fault("unexpected end of input in a number");
    }
    if (!isDigit(text.charAt(at))) {
      throw fault(missing);
    }
    while (!atEnd() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private void literal() {
    for (String known : new String[] {"true", "false", "null"}) {
      int end = at + known.length();
      if (text.startsWith(known, at)
          && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)))) {
        at = end;
        return;
      }
    }
    if (!Character.isLetter(text.charAt(at))) {
      throw fault("expected a value");
    }
    int end = at;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    throw fault(
        end == text.length()
            ? "unexpected end of input in a literal"
            : "unknown literal, expected true, false, null, a number or a '\"'");
  }

  /** Skips blanks; the text must go on after them. */
  private void need(String missing) {
    skipBlank();
    if (atEnd()) {
      throw fault("unexpected end of input, " + missing);
    }
  }

  private void skipBlank() {
    while (!atEnd()) {
      char c = text.charAt(at);
      if (c == '#') {
        skipComment();
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
      } else {
        return;
      }
    }
  }

  private void skipComment() {
    while (!atEnd() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      if (text.charAt(at) < ' ' && text.charAt(at) != '\t') {
        throw fault("control character in a comment");
      }
      at++;
    }
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String shown() {
    int c = text.codePointAt(at);
    return Character.isISOControl(c)
        ? "(control character)"
        : Quoted.escaped(Character.toString(c));
  }

  private Found fault(String message) {
    return new Found(new Fault(new Place(path, at), message));
  }
}
