package io.securestreams.bench;

/** What a GET goes over; the server has a port for each. */
public enum Wire {
  /** HTTP/1.1. */
  H1,
  /** HTTP/1.1 over TLS. */
  H1_TLS,
  /** HTTP/2 without TLS, by prior knowledge. */
  H2C,
  /** HTTP/2 over TLS. */
  H2_TLS;

  /** True if the server shows a certificate. */
  boolean secure() {
    return this == H1_TLS || this == H2_TLS;
  }
}
