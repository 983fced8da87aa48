package io.securestreams.reactor.api;

import java.util.Optional;

/**
 * The server's end of one client's connection.
 *
 * <p>Over http every request is a SERVER_TXN: set {@link #serverAck}, metadata and length, then
 * emit the answer's body as one message into {@link #tx()}. Source: accepted streams of {@code
 * lws_ss_server}.
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
}
