package io.securestreams.core.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The filled endpoint of a client, split.
 *
 * @param security what the scheme says about TLS
 * @param host name or address literal without brackets
 * @param port the port written, or the one that the scheme defines
 * @param path path and query as written, if there are any
 */
record EndpointUrl(Security security, String host, OptionalInt port, Optional<String> path) {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");
  private static final int NAME_MAX = 253;
  private static final int LABEL_MAX = 63;
  private static final int PORT_MAX = 65535;

  /** What the scheme says about TLS. */
  enum Security {
    /** Nothing: the policy decides. */
    BY_POLICY,
    /** No TLS, whatever the policy says. */
    OFF,
    /** TLS, and the policy must say so too. */
    REQUIRED
  }

  /**
   * Splits {@code [scheme://]host[:port][/path][?query]}. Text without a colon, and a bare IPv6
   * literal, is a host.
   *
   * @throws IllegalArgumentException saying what is wrong, without the text
   */
  static EndpointUrl parse(String text) {
    if (text.indexOf(':') < 0 || isBareIpv6(text)) {
      return new EndpointUrl(
          Security.BY_POLICY, checkedHost(text), OptionalInt.empty(), Optional.empty());
    }
    int mark = text.indexOf("://");
    boolean hasScheme = mark > 0 && SCHEME.matcher(text).region(0, mark).matches();
    String scheme = hasScheme ? text.substring(0, mark).toLowerCase(Locale.ROOT) : "";
    int start = hasScheme ? mark + 3 : 0;
    int end = endOfAuthority(text, start);
    String authority = text.substring(start, end);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("has a user name, which a stream never sends");
    }
    Optional<String> path =
        end == text.length() ? Optional.empty() : Optional.of(text.substring(end));
    int colon = authority.indexOf(':', Math.max(authority.indexOf(']'), 0));
    String host = colon < 0 ? authority : authority.substring(0, colon);
    OptionalInt port = OptionalInt.empty();
    if (colon >= 0 && colon + 1 < authority.length()) {
      port = OptionalInt.of(checkedPort(authority.substring(colon + 1)));
    }
    return switch (scheme) {
      case "http", "ws" -> of(Security.OFF, host, port, 80, path);
      case "https", "wss" -> of(Security.REQUIRED, host, port, 443, path);
      case "mqtt" -> of(Security.OFF, host, port, 0, path);
      default -> of(Security.BY_POLICY, host, port, 0, path);
    };
  }

  private static EndpointUrl of(
      Security security, String host, OptionalInt port, int usual, Optional<String> path) {
    OptionalInt known = port.isEmpty() && usual != 0 ? OptionalInt.of(usual) : port;
    return new EndpointUrl(security, checkedHost(unbracketed(host)), known, path);
  }

  /**
   * Takes the brackets off an IPv6 literal.
   *
   * @throws IllegalArgumentException if they hold none
   */
  static String unbracketed(String host) {
    if (!host.startsWith("[") && !host.endsWith("]")) {
      return host;
    }
    String literal = host.length() < 2 ? "" : host.substring(1, host.length() - 1);
    if (!host.startsWith("[") || !host.endsWith("]") || !isBareIpv6(literal)) {
      throw new IllegalArgumentException("has brackets around something that is no IPv6 address");
    }
    return literal;
  }

  private static boolean isBareIpv6(String text) {
    return text.indexOf(':') != text.lastIndexOf(':') && IPV6.matcher(text).matches();
  }

  private static int endOfAuthority(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return i;
      }
    }
    return text.length();
  }

  private static int checkedPort(String digits) {
    int port = 0;
    for (int i = 0; i < digits.length() && port <= PORT_MAX; i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        throw new IllegalArgumentException("has a port that is no number");
      }
      port = port * 10 + c - '0';
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("has a port outside 1..65535");
    }
    return port;
  }

  private static String checkedHost(String host) {
    if (isBareIpv6(host)) {
      return host;
    }
    int label = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') {
        checkLabel(label);
        label = 0;
      } else if (isNameCharacter(c)) {
        label++;
      } else if (c > 0x7e) {
        throw new IllegalArgumentException(
            "has a host name beyond ASCII; write it in its xn-- form");
      } else {
        throw new IllegalArgumentException(
            "has " + RequestText.describe(c) + " in the host name, at offset " + i);
      }
    }
    if ((label == 0 && !host.endsWith(".")) || host.equals(".")) {
      throw new IllegalArgumentException("has no host name");
    }
    if (label > LABEL_MAX || host.length() > NAME_MAX) {
      throw new IllegalArgumentException("has a host name, or a part of it, that is too long");
    }
    return host;
  }

  private static void checkLabel(int length) {
    if (length == 0) {
      throw new IllegalArgumentException("has an empty part in its host name");
    }
    if (length > LABEL_MAX) {
      throw new IllegalArgumentException("has a part of more than 63 characters in its host name");
    }
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
