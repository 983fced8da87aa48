package io.securestreams.reactor.spi;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** The server's end of a connection. */
public interface ServerLink extends Link {

  /**
   * Sends the head of the answer to the current http request; pieces follow by {@link #send} unless
   * the body is of kind NONE.
   *
   * @param answer status, headers and framing
   */
  void answer(Answer answer);

  /**
   * The certificate that the client showed, and proved to own; empty if it showed none, and after
   * the connection's end.
   */
  default Optional<X509Certificate> clientCertificate() {
    return Optional.empty();
  }
}
