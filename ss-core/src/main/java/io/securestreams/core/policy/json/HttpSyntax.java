package io.securestreams.core.policy.json;

import java.util.regex.Pattern;

/** The forms that RFC 9110 gives to methods and header names. */
final class HttpSyntax {

  /** A token. */
  static final String TOKEN_PATTERN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  /** Tokens with commas between them. */
  static final String TOKENS_PATTERN = TOKEN_PATTERN + "([ \t]*,[ \t]*" + TOKEN_PATTERN + ")*";

  /** A header name as the policy writes it, with or without a colon at its end. */
  static final String HEADER_PATTERN = TOKEN_PATTERN + ":?";

  /** Path and query; the rest of what they must not hold is left to the peer. */
  static final String TARGET_PATTERN = "[^\\u0000-\\u0020\\u007f-\\u009f]*";

  private static final Pattern TOKEN = Pattern.compile(TOKEN_PATTERN);
  private static final Pattern TOKENS = Pattern.compile(TOKENS_PATTERN);
  private static final Pattern HEADER = Pattern.compile(HEADER_PATTERN);
  private static final Pattern TARGET = Pattern.compile(TARGET_PATTERN);

  private HttpSyntax() {}

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  static boolean isTokenList(String text) {
    return TOKENS.matcher(text).matches();
  }

  static boolean isHeader(String text) {
    return HEADER.matcher(text).matches();
  }

  /** True if there are neither spaces nor control characters in it. */
  static boolean isTarget(String text) {
    return TARGET.matcher(text).matches();
  }

  static String withoutColon(String text) {
    return text.endsWith(":") ? text.substring(0, text.length() - 1) : text;
  }
}
