package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.securestreams.core.plan.HttpPlan;
import java.util.Optional;

/**
 * The place of one transaction on a connection, whatever version of http the connection speaks.
 *
 * <p>It tells its {@link ClientHttpLink} what comes from the peer. Everything happens on the event
 * loop of {@link #channel()}; only {@link #channel()}, {@link #peer()} and {@link #credit()} may be
 * called from elsewhere.
 */
public interface ClientExchange {

  /** What the transaction lives and dies with. */
  Channel channel();

  /** The peer's address, if the connection has one. */
  Optional<String> peer();

  /** True if the connection was kept from before and no sign of the peer came since. */
  boolean stale();

  /** Prepares the head of a request that is known to be sendable; nothing is written. */
  void prepare(HttpPlan plan);

  /** Writes the head alone, without flushing; the body follows. */
  void head(ChannelFutureListener written);

  /** Writes head and body, which may be empty and now belongs to the exchange; no flush. */
  void whole(ByteBuf body, ChannelFutureListener written);

  /** Writes a piece of the body, which now belongs to the exchange, without flushing. */
  void content(ByteBuf piece, boolean last, ChannelFutureListener written);

  /** Hands what was written to the system, soon. */
  void flush();

  /** True if a piece of the body would leave now; {@link ClientHttpLink#drain} tells a change. */
  boolean writable();

  /** Whether pieces of the response are wanted: if not, the peer is made to wait. */
  void reading(boolean wanted);

  /** So many received bytes were handed out, and more of them may come. */
  void taken(int bytes);

  /**
   * Grants the peer more of the body, if it is the application that counts its bytes.
   *
   * @param bytes 0 or more
   */
  default void grant(long bytes) {}

  /** Bytes of the body that the peer may still send; 0 if nobody counts them. Any thread. */
  default long credit() {
    return 0;
  }

  /**
   * Has {@link ClientHttpLink#expired} called unless the limit is moved or lifted before, in ns.
   */
  void limit(long nanos);

  /** Lifts the time limit. */
  void unlimit();

  /** Asks the peer for a sign of life, if the protocol has one. */
  void ping();

  /**
   * The response is complete; the exchange is not used any more.
   *
   * @param sent the request was sent completely, or not begun
   */
  void release(boolean sent);

  /** Gives the transaction up, unless the exchange serves another one by now. */
  void drop(ClientHttpLink of);

  /** As {@link #drop}; if the peer owes a sign of life, its connection is of no use to anybody. */
  default void abort(ClientHttpLink of) {
    drop(of);
  }
}
