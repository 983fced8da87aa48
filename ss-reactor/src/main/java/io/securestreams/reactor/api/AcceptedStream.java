package io.securestreams.reactor.api;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * The server's end of one client's connection; over h2 and h3 of one request, or of one WebSocket.
 *
 * <p>Over http every request is a SERVER_TXN: set {@link #serverAck}, metadata and length, then
 * emit the answer's body as one message into {@link #tx()}, now or after the request's body.
 * Nothing is sent before. All metadata is forgotten between requests; of what is declared with a
 * header, what was set since the request came is a header of the answer. A request without a body
 * gives no payload at all, also if its method is POST. A request that is not answered within the
 * response limit is closed. Source: accepted streams of {@code lws_ss_server}.
 */
public interface AcceptedStream extends SecureStream {

  /**
   * Decides the status of the current answer, until its head is sent. Without a call it is 404. No
   * effect for ws. Source: {@code lws_ss_server_ack}.
   *
   * @param status 0 means 200; 100..599 that status; anything else 500
   */
  void serverAck(int status);

  /** The client's address, if it has one. */
  Optional<String> peer();

  /**
   * The certificate that the client showed, and proved to own. It was signed by an authority of the
   * policy's choice. Source: policy key {@code client_trust_store}.
   *
   * @return empty if clients are not asked for one, and after the connection's end
   */
  Optional<X509Certificate> clientCertificate();
}
