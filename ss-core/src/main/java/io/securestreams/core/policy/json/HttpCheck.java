package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.List;
import java.util.function.Predicate;

/** Method, URL, headers and status of http streams, and the subprotocol of ws. */
final class HttpCheck {

  private static final List<PolicyKey> HEADERS =
      List.of(
          PolicyKey.HTTP_AUTH_HEADER,
          PolicyKey.HTTP_DSN_HEADER,
          PolicyKey.HTTP_FWV_HEADER,
          PolicyKey.HTTP_DEVTYPE_HEADER);

  private HttpCheck() {}

  /**
   * Checks a stream type.
   *
   * @param partOnly it is the target of a rideshare, so it makes no request of its own
   */
  static void check(StreamDraft draft, boolean partOnly) {
    Fields fields = draft.fields();
    boolean noMethod = !fields.has(PolicyKey.HTTP_METHOD) && draft.method().isEmpty();
    if (noMethod && draft.isClient() && draft.isTransactional() && !partOnly) {
      fields.report(FindingCode.MISSING, "'http_method' is required for h1, h2 and h3 clients");
    }
    form(fields, PolicyKey.HTTP_METHOD, HttpSyntax::isToken, "not a valid method token");
    form(
        fields,
        PolicyKey.HTTP_URL,
        HttpSyntax::isTarget,
        "control characters and spaces must be percent-encoded");
    form(fields, PolicyKey.WS_SUBPROTOCOL, HttpSyntax::isTokenList, "not a list of tokens");
    for (PolicyKey key : HEADERS) {
      form(fields, key, HttpSyntax::isHeader, "not a header name");
    }
    if (fields.has(PolicyKey.HTTP_AUTH_PREAMBLE)
        && !fields.has(PolicyKey.HTTP_AUTH_HEADER)
        && !fields.isSettled(PolicyKey.HTTP_AUTH_PREAMBLE)) {
      fields.reportKey(
          PolicyKey.HTTP_AUTH_PREAMBLE, FindingCode.IGNORED, "there is no 'http_auth_header'");
    }
    redirects(fields);
    boolean unannounced = fields.flag(PolicyKey.HTTP_NO_CONTENT_LENGTH);
    if (unannounced && draft.metadata().mapsTo("content-length")) {
      fields.reportKey(
          PolicyKey.HTTP_NO_CONTENT_LENGTH,
          FindingCode.CONFLICT,
          "metadata maps to 'content-length'");
    }
  }

  private static void redirects(Fields fields) {
    boolean follows = fields.flag(PolicyKey.ALLOW_REDIRECTS);
    if (follows && fields.flag(PolicyKey.HTTP_FAIL_REDIRECT)) {
      fields.reportKey(
          PolicyKey.HTTP_FAIL_REDIRECT, FindingCode.CONFLICT, "'allow_redirects' is true");
    }
    long expect = fields.whole(PolicyKey.HTTP_EXPECT);
    if (follows && expect >= 300 && expect <= 399) {
      fields.reportValue(
          PolicyKey.HTTP_EXPECT,
          FindingCode.SUSPICIOUS,
          "a redirect is followed, so it is not what arrives");
    }
  }

  private static void form(Fields fields, PolicyKey key, Predicate<String> isGood, String message) {
    if (fields.text(key).filter(isGood.negate()).isPresent()) {
      fields.reportValue(key, FindingCode.VALUE, message);
    }
  }
}
