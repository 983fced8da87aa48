package io.securestreams.reactor.spi;

import java.util.Optional;

/**
 * One attempt and the connection, or http transaction, that comes of it. Its methods never block
 * and are safe from any thread.
 *
 * <p>Both directions are credited: received frames by {@link #request}, sent pieces by {@link
 * LinkSignal.Written}.
 */
public interface Link {

  /** The most pieces that may be under way: sent, and not yet {@link LinkSignal.Written}. */
  int WINDOW = 64;

  /** Begins the attempt. Signals may come before this call returns. */
  void start();

  /**
   * Allows more received frames. Without credit the connection is not read.
   *
   * @param frames number of {@link LinkSignal.Frame}s; {@code Long.MAX_VALUE} lifts the limit for
   *     good; empty end markers need no credit
   */
  void request(long frames);

  /**
   * Sends a piece, after {@link LinkSignal.Event#TX_READY}. At most {@link #WINDOW} may be under
   * way.
   *
   * @param piece the piece; pieces of a message come in order, from SOM to EOM
   */
  void send(TxPiece piece);

  /**
   * Has the peer send no more of the response's body than it is granted; to be called before {@link
   * #start()}. Does nothing where the protocol knows no credit in bytes.
   *
   * @param bytes granted from the beginning, 0 or more
   */
  default void manualTxCredit(long bytes) {}

  /**
   * Grants the peer more of the response's body.
   *
   * @param bytes 1 or more; less does nothing
   */
  default void addPeerTxCredit(long bytes) {}

  /**
   * What the peer may still send, as far as is known here.
   *
   * @return bytes granted and not received, below zero if the peer sent more; 0 without a
   *     connection, and where the protocol knows no credit in bytes
   */
  default long estimatedPeerTxCredit() {
    return 0;
  }

  /**
   * Asks the peer for a proof of validity ({@link LinkSignal.Event#ALIVE}); does nothing if none
   * exists.
   */
  void ping();

  /**
   * Gives the link up; no signal follows. The protocol's close handshake, if any, goes on in the
   * background for at most 3 s. Closing twice is harmless.
   *
   * @param how what the peer is told
   */
  void close(LinkClose how);

  /** The peer's address, if the connection has one. */
  Optional<String> peer();
}
