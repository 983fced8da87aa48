package io.securestreams.core.policy.json;

import io.securestreams.core.policy.Protocol;

/** Which protocols a key of a stream type is for. */
enum KeyScope {
  /** Every protocol. */
  ANY("all"),
  /** h1, h2, h3 and ws. */
  HTTP("h1, h2, h3, ws"),
  /** h1, h2 and h3. */
  TRANSACTION("h1, h2, h3"),
  /** h2 and h3. */
  MULTIPLEX("h2, h3"),
  /** ws, and http servers, which may accept upgrades. */
  WS("ws, and servers of h1, h2, h3"),
  /** mqtt. */
  MQTT("mqtt");

  private final String shown;

  KeyScope(String shown) {
    this.shown = shown;
  }

  /** The protocols in words. */
  String shown() {
    return shown;
  }

  /** True if a key of this scope means something to the protocol. */
  boolean covers(Protocol protocol, boolean server) {
    return switch (this) {
      case ANY -> true;
      case HTTP -> protocol.isTransactional() || protocol == Protocol.WS;
      case TRANSACTION -> protocol.isTransactional();
      case MULTIPLEX -> protocol == Protocol.H2 || protocol == Protocol.H3;
      case WS -> protocol == Protocol.WS || (server && protocol.isTransactional());
      case MQTT -> protocol == Protocol.MQTT;
    };
  }
}
