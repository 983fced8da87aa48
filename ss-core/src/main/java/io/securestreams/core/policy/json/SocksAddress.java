package io.securestreams.core.policy.json;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form {@code [user:password@]host:port}. Messages never quote it: it may hold a password. */
final class SocksAddress {

  /** What to say of anything else. */
  static final String EXPECTED = "expected [user:password@]host:port";

  private static final int LONGEST_CREDENTIAL = 95;

  /** The form, but for the range of the port and the lengths. */
  static final String PATTERN =
      "(?:([^:@]*):(.*)@)?(?:\\[[0-9A-Fa-f:.]+\\]|[^:@ \\t\\n\\u000b\\f\\r\\[\\]]+):(\\d{1,5})";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private SocksAddress() {}

  static boolean isValid(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int port = Integer.parseInt(matcher.group(3));
    return port >= 1 && port <= 65_535 && fits(matcher.group(1)) && fits(matcher.group(2));
  }

  private static boolean fits(String credential) {
    return credential == null || credential.length() <= LONGEST_CREDENTIAL;
  }
}
