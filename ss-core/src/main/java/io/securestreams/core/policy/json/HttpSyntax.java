package io.securestreams.core.policy.json;

import java.util.regex.Pattern;

/** The forms that RFC 9110 gives to methods and header names. */
final class HttpSyntax {

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern TOKEN_LIST =
      Pattern.compile(TOKEN.pattern() + "([ \t]*,[ \t]*" + TOKEN.pattern() + ")*");

  private HttpSyntax() {}

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  static boolean isTokenList(String text) {
    return TOKEN_LIST.matcher(text).matches();
  }

  /** A header name as the policy writes it, with or without a colon at its end. */
  static boolean isHeader(String text) {
    return isToken(withoutColon(text));
  }

  static String withoutColon(String text) {
    return text.endsWith(":") ? text.substring(0, text.length() - 1) : text;
  }
}
