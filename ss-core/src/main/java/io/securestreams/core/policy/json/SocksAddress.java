package io.securestreams.core.policy.json;

import io.securestreams.core.policy.SocksProxy;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form {@code [user:password@]host:port}. Messages never quote it: it may hold a password. */
final class SocksAddress {

  /** What to say of anything else. */
  static final String EXPECTED = "expected [user:password@]host:port";

  private static final int LONGEST_CREDENTIAL = 95;

  /** The form, but for the range of the port and the lengths. */
  static final String PATTERN =
      "(?:([^:@]*):(.*)@)?"
          + "(?:\\[([0-9A-Fa-f:.]+)\\]|([^:@ \\t\\n\\u000b\\f\\r\\[\\]]+)):(\\d{1,5})";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private static final int USER = 1;
  private static final int PASSWORD = 2;
  private static final int ADDRESS = 3;
  private static final int HOST = 4;
  private static final int PORT = 5;

  private SocksAddress() {}

  /** The proxy, if the text has the form. */
  static Optional<SocksProxy> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(PORT));
    Optional<SocksProxy.Credentials> credentials =
        Optional.ofNullable(matcher.group(USER))
            .map(user -> new SocksProxy.Credentials(user, matcher.group(PASSWORD)));
    if (port < 1 || port > 65_535 || credentials.filter(given -> !fits(given)).isPresent()) {
      return Optional.empty();
    }
    String host = Optional.ofNullable(matcher.group(ADDRESS)).orElseGet(() -> matcher.group(HOST));
    return Optional.of(new SocksProxy(credentials, host, port));
  }

  /** The proxy in that form, its password included. */
  static String format(SocksProxy proxy) {
    String credentials =
        proxy.credentials().map(given -> given.user() + ":" + given.password() + "@").orElse("");
    String host = proxy.host().indexOf(':') < 0 ? proxy.host() : "[" + proxy.host() + "]";
    return credentials + host + ":" + proxy.port();
  }

  private static boolean fits(SocksProxy.Credentials credentials) {
    return credentials.user().length() <= LONGEST_CREDENTIAL
        && credentials.password().length() <= LONGEST_CREDENTIAL;
  }
}
