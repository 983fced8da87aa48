package io.securestreams.core.policy.json;

import java.util.regex.Pattern;

/**
 * The way from the root to a value, for example {@code $.s[0].mintest.port}.
 *
 * <p>Names with other characters than letters, digits, {@code _} and {@code -} are quoted, and so
 * are names with a {@code -} directly below the root: {@code $["via-socks5"]}. What looks like a
 * private key is not shown.
 *
 * @param text the path as shown
 */
record JsonPath(String text) {

  /** The document. */
  static final JsonPath ROOT = new JsonPath("$");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

  /** The member of this name. */
  JsonPath member(String name) {
    boolean plain =
        PLAIN.matcher(name).matches()
            && !(text.equals("$") && name.contains("-"))
            && !KeyMaterial.isIn(name);
    return new JsonPath(text + (plain ? "." + name : "[" + KeyMaterial.inPath(name) + "]"));
  }

  /** The item at this index. */
  JsonPath item(int index) {
    return new JsonPath(text + "[" + index + "]");
  }

  @Override
  public String toString() {
    return text;
  }
}
