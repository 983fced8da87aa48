package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Endpoint and port of a stream type. */
final class AddressCheck {

  private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^]]*]|[^/?:]*):\\d+([/?].*)?");
  private static final Set<String> WITHOUT_TLS = Set.of("http", "ws", "mqtt");
  private static final Set<String> WITH_TLS = Set.of("https", "wss");
  private static final Set<String> WITH_KNOWN_PORT = Set.of("http", "https", "ws", "wss");

  private AddressCheck() {}

  /**
   * Checks a stream type.
   *
   * @param partOnly it is the target of a rideshare, so it need not be able to connect by itself
   */
  static void check(StreamDraft draft, boolean partOnly) {
    Fields fields = draft.fields();
    if (fields.text(PolicyKey.ENDPOINT).filter(String::isEmpty).isPresent()) {
      fields.reportValue(PolicyKey.ENDPOINT, FindingCode.VALUE, "empty endpoint");
      return;
    }
    if (draft.isUnixSocket()) {
      unixSocket(draft);
    }
    if (!draft.isClient()) {
      return;
    }
    if (!partOnly && !fields.has(PolicyKey.ENDPOINT)) {
      fields.report(FindingCode.MISSING, "'endpoint' is required for a client stream");
    }
    scheme(draft.endpoint()).ifPresent(name -> tls(fields, name));
    if (!partOnly && !fields.has(PolicyKey.PORT) && needsPort(draft.endpoint())) {
      fields.report(FindingCode.MISSING, "'port' is required for a network endpoint");
    }
  }

  private static void unixSocket(StreamDraft draft) {
    Fields fields = draft.fields();
    if (fields.whole(PolicyKey.PORT) != 0) {
      fields.reportKey(PolicyKey.PORT, FindingCode.IGNORED, "a Unix domain socket has no port");
    }
    if (fields.flag(PolicyKey.TLS)) {
      fields.reportValue(PolicyKey.TLS, FindingCode.SUSPICIOUS, "TLS over a Unix domain socket");
    }
  }

  private static void tls(Fields fields, String scheme) {
    boolean on = fields.flag(PolicyKey.TLS);
    boolean known = !fields.has(PolicyKey.TLS) || fields.value(PolicyKey.TLS).isPresent();
    if (on && WITHOUT_TLS.contains(scheme)) {
      fields.reportValue(
          PolicyKey.ENDPOINT,
          FindingCode.SUSPICIOUS,
          scheme + ": switches TLS off, although 'tls' is true");
    }
    if (known && !on && WITH_TLS.contains(scheme)) {
      fields.reportValue(
          PolicyKey.ENDPOINT, FindingCode.CONFLICT, scheme + ": needs \"tls\": true");
    }
  }

  /** True if a client of the endpoint has to be told a port. */
  static boolean needsPort(String endpoint) {
    if (endpoint.isEmpty()
        || endpoint.startsWith("+")
        || endpoint.startsWith("file://")
        || endpoint.contains("${")) {
      return false;
    }
    String address =
        endpoint.substring(endpoint.indexOf("://") < 0 ? 0 : endpoint.indexOf("://") + 3);
    return scheme(endpoint).filter(WITH_KNOWN_PORT::contains).isEmpty()
        && !WITH_PORT.matcher(address).matches();
  }

  /** True if it is a URL whose scheme switches TLS off, whatever {@code tls} says. */
  static boolean isWithoutTls(String endpoint) {
    return scheme(endpoint).filter(WITHOUT_TLS::contains).isPresent();
  }

  private static Optional<String> scheme(String endpoint) {
    Matcher url = URL.matcher(endpoint);
    return url.matches() && !endpoint.startsWith("file://")
        ? Optional.of(url.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
