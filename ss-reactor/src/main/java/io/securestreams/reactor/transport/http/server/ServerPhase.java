package io.securestreams.reactor.transport.http.server;

import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.TxPiece;

/**
 * What a server's connection speaks at the moment: http, or what it was upgraded to. Called on the
 * connection's event loop only.
 */
public interface ServerPhase {

  /** More received frames are allowed than before. */
  void credited();

  /**
   * Writes the head of an answer.
   *
   * @param answer status, headers and framing
   */
  void answer(Answer answer);

  /**
   * Writes a piece, without a flush.
   *
   * @param piece the piece
   */
  void send(TxPiece piece);

  /** A batch of commands has ended: what was written goes out. */
  void flush();

  /** Asks the peer for a proof of validity, if the protocol has one. */
  void ping();

  /**
   * A command could not be carried out, by a fault of ours: the connection ends.
   *
   * @param cause what happened
   */
  void failed(Throwable cause);

  /**
   * Gives the connection up.
   *
   * @param how what the peer is told
   */
  void close(LinkClose how);
}
