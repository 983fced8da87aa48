package io.securestreams.core.policy.json;

/** A member name as written, between its quotes; its escapes are known to be well formed. */
final class EscapedName {

  private final String raw;
  private final StringBuilder name = new StringBuilder();
  private int brokenPair = -1;

  private EscapedName(String raw) {
    this.raw = raw;
  }

  static EscapedName of(String raw) {
    EscapedName escaped = new EscapedName(raw);
    escaped.decode();
    return escaped;
  }

  /** The name without escapes. */
  String decoded() {
    return name.toString();
  }

  /** Where an escape begins that is half of a surrogate pair, or -1. The tokenizer refuses it. */
  int brokenPair() {
    return brokenPair;
  }

  private void decode() {
    int high = -1;
    for (int i = 0; i < raw.length(); i++) {
      int start = i;
      char c = raw.charAt(i);
      boolean unicode = false;
      if (c == '\\') {
        i++;
        unicode = raw.charAt(i) == 'u';
        c = unicode ? (char) Integer.parseInt(raw.substring(i + 1, i + 5), 16) : simple(i);
        i += unicode ? 4 : 0;
      }
      boolean low = unicode && Character.isLowSurrogate(c);
      boolean paired = low == (high >= 0);
      if (!paired && brokenPair < 0) {
        brokenPair = low ? start : high;
      }
      high = unicode && Character.isHighSurrogate(c) ? start : -1;
      name.append(c);
    }
    if (high >= 0 && brokenPair < 0) {
      brokenPair = high;
    }
  }

  private char simple(int at) {
    return switch (raw.charAt(at)) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> raw.charAt(at);
    };
  }
}
