package io.securestreams.core.plan;

/** What may stand in a request: anything else could split it, or smuggle a second one in. */
final class RequestText {

  private static final int DELETE = 0x7f;

  private RequestText() {}

  /**
   * Finds what must not stand in a request target: space and control characters.
   *
   * @return its offset, or -1
   */
  static int badInPath(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c == DELETE) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Finds what must not stand in a header value: control characters but for the tab.
   *
   * @return its offset, or -1
   */
  static int badInHeader(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == DELETE) {
        return i;
      }
    }
    return -1;
  }

  /** True for an RFC 9110 token: a method or a header name. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= DELETE || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Names a character for a message. */
  static String describe(char c) {
    return switch (c) {
      case '\r' -> "a carriage return";
      case '\n' -> "a line feed";
      case '\0' -> "a NUL";
      case ' ' -> "a space";
      default -> c > ' ' && c < DELETE ? "'" + c + "'" : "a control character";
    };
  }
}
