package io.securestreams.core.policy.json;

import io.securestreams.core.policy.Protocol;
import java.util.Locale;
import java.util.Optional;

/** Protocol names of older policies, which say the request method too. */
enum OldProtocol {
  /** http/1.1 and GET. */
  H1GET(Protocol.H1, "GET"),
  /** http/1.1 and POST. */
  H1POST(Protocol.H1, "POST"),
  /** http/2 and GET. */
  H2GET(Protocol.H2, "GET"),
  /** http/2 and POST. */
  H2POST(Protocol.H2, "POST");

  private final String key = name().toLowerCase(Locale.ROOT);
  private final Protocol protocol;
  private final String method;

  OldProtocol(Protocol protocol, String method) {
    this.protocol = protocol;
    this.method = method;
  }

  /** The one of this name. */
  static Optional<OldProtocol> of(String key) {
    for (OldProtocol old : values()) {
      if (old.key.equals(key)) {
        return Optional.of(old);
      }
    }
    return Optional.empty();
  }

  /** The name as written in a policy. */
  String key() {
    return key;
  }

  /** The protocol it stands for. */
  Protocol protocol() {
    return protocol;
  }

  /** The method it stands for. */
  String method() {
    return method;
  }
}
