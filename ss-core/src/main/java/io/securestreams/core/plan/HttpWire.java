package io.securestreams.core.plan;

/** What carries an http transaction. */
public enum HttpWire {
  /** HTTP/1.1 (RFC 9112). */
  H1,
  /** HTTP/2 (RFC 9113) if the peer chooses it by ALPN, else HTTP/1.1 on the same connection. */
  H2,
  /** HTTP/2 without TLS and without asking. Source: RFC 9113 section 3.3. */
  H2_PRIOR_KNOWLEDGE,
  /** HTTP/3 (RFC 9114). */
  H3
}
