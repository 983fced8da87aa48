package io.securestreams.core.generate;

import java.util.ArrayList;
import java.util.List;

/** Values as literals of Java, in ASCII only, so that the encoding of the source never matters. */
final class Literals {

  /** The most bytes of a string constant: one less than a class file can hold, as javac wants. */
  private static final int LARGEST_CONSTANT = 65_534;

  /** So much of a long string is in a line. */
  private static final int LINE = 72;

  private Literals() {}

  /** A string as an expression; one that is too long for one constant is joined from several. */
  static Code string(String value) {
    List<Code> constants = new ArrayList<>();
    for (String piece : pieces(value, LARGEST_CONSTANT)) {
      constants.add(constant(piece));
    }
    if (constants.size() == 1) {
      return constants.get(0);
    }
    constants.add(0, new Code.Atom("\"\""));
    return Code.call("String.join", constants);
  }

  /** One constant; a long one stands on several lines. */
  private static Code constant(String value) {
    List<Code.Atom> lines = new ArrayList<>();
    for (int from = 0; from < value.length() || lines.isEmpty(); ) {
      int to = endOfLine(value, from);
      lines.add(new Code.Atom(quoted(value.substring(from, to))));
      from = to;
    }
    return lines.size() == 1 ? lines.get(0) : new Code.Sum(lines);
  }

  /**
   * Where a line ends that begins there. No escape may follow that of a high surrogate without its
   * low one: javac 17 takes a backslash behind it for something else.
   */
  private static int endOfLine(String value, int from) {
    int to = from;
    boolean alone = false;
    while (to < value.length() && to < from + LINE && !alone) {
      alone = Character.isHighSurrogate(value.charAt(to)) && !isLow(value, to + 1);
      to++;
    }
    return to;
  }

  private static boolean isLow(String value, int at) {
    return at < value.length() && Character.isLowSurrogate(value.charAt(at));
  }

  /** Cut so that no piece takes more bytes than the limit in a class file. */
  private static List<String> pieces(String value, int limit) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      int size = bytes(value.charAt(i));
      if (bytes + size > limit) {
        pieces.add(value.substring(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    pieces.add(value.substring(from));
    return pieces;
  }

  /** In modified UTF-8. */
  private static int bytes(char c) {
    if (c >= 0x800) {
      return 3;
    }
    return c >= 0x80 || c == 0 ? 2 : 1;
  }

  /** One string literal with its quotes. */
  static String quoted(String value) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      literal.append(escaped(value.charAt(i)));
    }
    return literal.append('"').toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> isPlain(c) ? String.valueOf(c) : unicode(c);
    };
  }

  /**
   * A Unicode escape. javac replaces it before it looks for literals, which is fine for everything
   * that {@link #escaped} leaves to it: no quote, no backslash, no line end.
   */
  private static String unicode(char c) {
    return "\\u" + Integer.toHexString(0x10000 | c).substring(1);
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7F;
  }

  /** A text that can stand in a comment on one line: others than printable ASCII are '?'. */
  static String comment(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .map(c -> c == '\\' ? '/' : c)
        .forEach(c -> shown.append(c < 0x7F && isPlain((char) c) ? (char) c : '?'));
    return shown.toString();
  }
}
