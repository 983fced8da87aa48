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
