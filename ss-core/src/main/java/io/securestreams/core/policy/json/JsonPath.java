package io.securestreams.core.policy.json;

import java.util.regex.Pattern;

/**
 * The way from the root to a value, for example {@code $.s[0].mintest.port}.
 *
 * <p>Names with other characters than letters, digits, {@code _} and {@code -} are quoted, and so
 * are names with a {@code -} directly below the root: {@code $["via-socks5"]}.
 *
 * @param text the path as shown
 */
record JsonPath(String text) {

  /** The document. */
  static final JsonPath ROOT = new JsonPath("$");

  private static final int LONGEST_SHOWN = 256;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

  /** The member of this name. */
  JsonPath member(String name) {
    boolean plain =
        name.length() <= LONGEST_SHOWN
            && PLAIN.matcher(name).matches()
            && !(text.equals("$") && name.contains("-"));
    return new JsonPath(text + (plain ? "." + name : "[\"" + escaped(name) + "\"]"));
  }

  /** The item at this index. */
  JsonPath item(int index) {
    return new JsonPath(text + "[" + index + "]");
  }

  /** Control characters, quotes and backslashes as in JSON, so that a finding stays on one line. */
  private static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (i == LONGEST_SHOWN) {
        return escaped.append('…').toString();
      }
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        escaped.append("\\u").append(hex4(c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String hex4(char c) {
    String digits = "000" + Integer.toHexString(c);
    return digits.substring(digits.length() - 4);
  }

  @Override
  public String toString() {
    return text;
  }
}
