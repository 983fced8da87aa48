package io.securestreams.core.error;

/**
 * Why an attempt or a connection failed, as an application can act on it.
 *
 * <p>A transport maps its native errors to one of these; states and retries never look deeper.
 */
public enum FailureKind {
  /** The endpoint's name could not be resolved. */
  DNS,
  /** The endpoint's address could not be reached: refused, unreachable, reset while connecting. */
  CONNECT,
  /** The SOCKS5 proxy refused or could not be reached. */
  PROXY,
  /** The peer's certificate leads to no authority of the trust store. */
  TLS_UNTRUSTED,
  /** A certificate of the peer is past its validity. */
  TLS_EXPIRED,
  /** A certificate of the peer is not valid yet. */
  TLS_NOT_YET_VALID,
  /** The peer's certificate is for another host. */
  TLS_HOST,
  /** The TLS handshake failed otherwise: no TLS at the peer, no common version, an alert. */
  TLS_HANDSHAKE,
  /** A time limit passed: connecting, handshake, response or inactivity. */
  TIMEOUT,
  /** Credentials are missing or the peer refused them before the connection was usable. */
  AUTH,
  /** The peer broke the protocol, or answered in a way that the stream cannot use. */
  PROTOCOL,
  /**
   * The peer redirected a request that no true peer redirects, so a captive portal is in the way.
   * Source: {@code http_fail_redirect}.
   */
  PORTAL,
  /** A configured limit was passed; the message names it. */
  LIMIT,
  /** The peer closed the connection. */
  CLOSED,
  /** The request could not be made from policy, metadata and payload. */
  PLAN,
  /** The policy forbids it or names something that cannot be used. */
  POLICY
}
