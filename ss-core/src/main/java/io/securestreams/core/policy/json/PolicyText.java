package io.securestreams.core.policy.json;

import io.securestreams.core.error.Location;
import java.util.Arrays;

/** The characters of a policy, and the line and column of each. */
final class PolicyText {

  private final String source;
  private final String text;
  private final int[] lineStarts;

  /**
   * Indexes the lines. LF, CR and CR LF end a line.
   *
   * @param source label for locations
   * @param text the document; one byte order mark at its beginning is dropped
   */
  PolicyText(String source, String text) {
    this.source = source;
    this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.lineStarts = lineStarts(this.text);
  }

  private static int[] lineStarts(String text) {
    int lines = 1;
    for (int i = 0; i < text.length(); i++) {
      lines += endsLine(text, i) ? 1 : 0;
    }
    int[] starts = new int[lines];
    int line = 1;
    for (int i = 0; line < lines; i++) {
      if (endsLine(text, i)) {
        starts[line++] = i + 1;
      }
    }
    return starts;
  }

  private static boolean endsLine(String text, int at) {
    char c = text.charAt(at);
    return c == '\n' || (c == '\r' && !text.startsWith("\n", at + 1));
  }

  /** The document without byte order mark. */
  String text() {
    return text;
  }

  /**
   * Line and column of a character.
   *
   * @param offset in chars; the length of the text is the place after its last character
   */
  Location locate(int offset) {
    int line = line(offset);
    int column = 1 + text.codePointCount(lineStarts[line - 1], offset);
    return new Location(source, line, column);
  }

  /** The 1-based line of a character. */
  int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
