package io.securestreams.core.policy;

import java.util.Locale;
import java.util.Optional;

/** The wire protocols of the policy language. Source: policy key {@code s[].*.protocol}. */
public enum Protocol {
  /** HTTP/1.1. */
  H1,
  /** HTTP/2. */
  H2,
  /** HTTP/3. */
  H3,
  /** WebSocket (RFC 6455). */
  WS,
  /** MQTT 3.1.1. */
  MQTT,
  /** A plain byte stream. */
  RAW;

  private final String key = name().toLowerCase(Locale.ROOT);

  /** The name as written in a policy. */
  public String key() {
    return key;
  }

  /** True for h1, h2 and h3: each message is a transaction that the peer answers. */
  public boolean isTransactional() {
    return this == H1 || this == H2 || this == H3;
  }

  /** True for h3, whose packets are those of UDP; false for what goes over TCP or Unix sockets. */
  public boolean isOverUdp() {
    return this == H3;
  }

  /**
   * The protocol of a policy name.
   *
   * @param key case-sensitive
   */
  public static Optional<Protocol> of(String key) {
    for (Protocol protocol : values()) {
      if (protocol.key.equals(key)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
