package io.securestreams.core.policy.json;

import io.securestreams.core.policy.AuthScheme;
import io.securestreams.core.policy.Protocol;
import java.util.Arrays;
import java.util.List;

/**
 * The forms that a text of a policy may have to keep to. A pattern is for the whole text and in the
 * syntax that Java and ECMA-262 share; it never refuses what the reader accepts.
 */
enum TextForm {
  /** Whatever it is. */
  FREE("", "", 0, Limits.TEXT),
  /** Something. */
  NOT_EMPTY("not empty", "", 1, Limits.TEXT),
  /** Refers to a definition, or is the name of one. */
  NAME("a name", "", 1, Limits.NAME),
  /** The name of a stream type. */
  STREAM_NAME("a name that does not begin with `_lws_`", "(?!_lws_)[\\s\\S]*", 1, Limits.NAME),
  /** The name of a metadata declaration. */
  METADATA_NAME("a name", "", 1, Limits.METADATA_NAME),
  /** A certificate or a private key. */
  BASE64("base64 of DER", "", 1, 0),
  /** A protocol, by its present name. */
  PROTOCOL("", "", 0, 0),
  /** A kind of authentication. */
  AUTH_TYPE("", "", 0, 0),
  /** A word in the sense of HTTP. */
  TOKEN("a token", HttpSyntax.TOKEN_PATTERN, 0, Limits.TEXT),
  /** Words in the sense of HTTP, with commas between them. */
  TOKENS("tokens with commas between them", HttpSyntax.TOKENS_PATTERN, 0, Limits.TEXT),
  /** The name of a header. */
  HEADER("a header name; `:` at its end is allowed", HttpSyntax.HEADER_PATTERN, 0, Limits.TEXT),
  /** The name of a header, or nothing. */
  HEADER_OR_EMPTY(
      "empty, or a header name; `:` at its end is allowed",
      "(" + HttpSyntax.HEADER_PATTERN + ")?",
      0,
      Limits.TEXT),
  /** Path and query of a request. */
  REQUEST_TARGET(
      "without spaces and control characters", HttpSyntax.TARGET_PATTERN, 0, Limits.TEXT),
  /** A proxy. */
  PROXY("`[user:password@]host:port`", SocksAddress.PATTERN, 0, Limits.TEXT),
  /** A proxy, or none. */
  PROXY_OR_EMPTY(
      "empty, or `[user:password@]host:port`", "(" + SocksAddress.PATTERN + ")?", 0, Limits.TEXT),
  /** A status of HTTP as text. */
  STATUS("an HTTP status", "0*[1-5][0-9][0-9]", 0, 0);

  private final String shown;
  private final String pattern;
  private final int least;
  private final int most;

  TextForm(String shown, String pattern, int least, int most) {
    this.shown = shown;
    this.pattern = pattern;
    this.least = least;
    this.most = most;
  }

  /** The form in words; empty if there is nothing to say. */
  String shown() {
    return shown;
  }

  /** What the whole text matches; empty if anything does. */
  String pattern() {
    return pattern;
  }

  /** The least number of characters. */
  int least() {
    return least;
  }

  /** The greatest number of characters; 0 if another limit comes first. */
  int most() {
    return most;
  }

  /** The only texts allowed; empty if there is no such list. */
  List<String> words() {
    return switch (this) {
      case PROTOCOL -> Arrays.stream(Protocol.values()).map(Protocol::key).toList();
      case AUTH_TYPE -> Arrays.stream(AuthScheme.Type.values()).map(AuthScheme.Type::key).toList();
      default -> List.of();
    };
  }
}
