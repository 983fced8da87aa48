package io.securestreams.bench;

import io.netty.handler.codec.quic.Quic;
import java.util.EnumSet;
import java.util.Set;

/** What a GET goes over; the server has a port for each. */
public enum Wire {
  /** HTTP/1.1. */
  H1,
  /** HTTP/1.1 over TLS. */
  H1_TLS,
  /** HTTP/2 without TLS, by prior knowledge. */
  H2C,
  /** HTTP/2 over TLS. */
  H2_TLS,
  /** HTTP/3, whose TLS is always BoringSSL's. */
  H3;

  /** All that this platform can do: not HTTP/3 where Netty has no native QUIC library. */
  static Set<Wire> available() {
    return Quic.isAvailable() ? EnumSet.allOf(Wire.class) : EnumSet.complementOf(EnumSet.of(H3));
  }

  /** True if the server shows a certificate. */
  boolean secure() {
    return this == H1_TLS || this == H2_TLS || this == H3;
  }
}
