package io.securestreams.core.error;

/** Names from outside as messages show them: on one line and of bounded length. */
public final class Quoted {

  private static final int LONGEST = 256;

  private Quoted() {}

  /**
   * The name in single quotes, for a message.
   *
   * @param name any text
   */
  public static String name(String name) {
    return "'" + escaped(name) + "'";
  }

  /**
   * The name with control characters, quotes and backslashes as in JSON.
   *
   * @param name any text
   */
  public static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (i == LONGEST) {
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
}
