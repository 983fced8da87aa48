package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether what leaves this machine is encrypted, and whom a client trusts. */
final class ConnectionLint {

  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");

  /** Up to path, query or fragment. */
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?:::1|(?:\\[::1]|127(?:\\.\\d{1,3}){3}|(?:[a-z0-9-]+\\.)*localhost)(?::\\d+)?)(?:[/?#].*)?",
          Pattern.CASE_INSENSITIVE);

  private static final Set<String> LOOPBACK_INTERFACES = Set.of("lo", "lo0");

  private ConnectionLint() {}

  /** Looks at a stream type. */
  static void check(StreamDraft draft) {
    boolean leaves = !draft.isUnixSocket() && !draft.isFile() && !isLoopback(draft.endpoint());
    if (draft.isClient()) {
      client(draft, leaves);
    } else if (draft.isServer() && leaves) {
      server(draft);
    }
  }

  private static void client(StreamDraft draft, boolean leaves) {
    Fields fields = draft.fields();
    boolean encrypted = fields.flag(PolicyKey.TLS) && !AddressCheck.isWithoutTls(draft.endpoint());
    if (!encrypted && leaves && fields.has(PolicyKey.ENDPOINT)) {
      fields.reportValue(
          PolicyKey.ENDPOINT,
          FindingCode.PLAINTEXT,
          "everything is sent in the clear; set 'tls', and an https or wss scheme if it is a URL");
    }
    if (encrypted && !fields.has(PolicyKey.TLS_TRUST_STORE)) {
      fields.reportValue(
          PolicyKey.TLS,
          FindingCode.NO_TRUST_STORE,
          "every authority of the platform is trusted; name your own in 'tls_trust_store'");
    }
  }

  private static void server(StreamDraft draft) {
    Fields fields = draft.fields();
    boolean attached = draft.endpoint().startsWith("!");
    if (fields.flag(PolicyKey.TLS) || attached) {
      return;
    }
    String message = "listens beyond this machine without TLS; set 'tls', or bind to 127.0.0.1";
    if (fields.has(PolicyKey.ENDPOINT)) {
      fields.reportValue(PolicyKey.ENDPOINT, FindingCode.PLAINTEXT, message);
    } else {
      fields.report(FindingCode.PLAINTEXT, message);
    }
  }

  /** True if it is known to be this machine: an address, a name, a URL or an interface. */
  static boolean isLoopback(String endpoint) {
    String address = SCHEME.matcher(endpoint).replaceFirst("");
    return LOOPBACK.matcher(address).matches() || LOOPBACK_INTERFACES.contains(endpoint);
  }
}
