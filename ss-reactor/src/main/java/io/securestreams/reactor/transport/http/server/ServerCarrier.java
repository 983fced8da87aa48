package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.securestreams.reactor.spi.Answer;

/**
 * The stream of a connection that carries one {@link ServerReception} among many. On the event loop
 * only.
 */
public interface ServerCarrier {

  /** Why a stream ends before its time. */
  enum Reset {
    /** Nobody wants it any more. */
    CANCELLED,
    /** Nothing was done about the request. */
    REFUSED,
    /** The fault is ours. */
    FAILED
  }

  /**
   * Writes the head of an answer, without a flush.
   *
   * @param answer status, headers and framing
   * @param last no body follows
   * @param written told when it is written
   * @throws IllegalArgumentException if a header can't be sent; nothing was written then
   */
  void head(Answer answer, boolean last, ChannelFutureListener written);

  /**
   * Writes a piece of the body, without a flush.
   *
   * @param piece is released
   * @param last nothing follows
   * @param written told when the peer's credit let it go
   */
  void piece(ByteBuf piece, boolean last, ChannelFutureListener written);

  /** Has what was written go out soon. */
  void flush();

  /**
   * The peer may send so much more.
   *
   * @param bytes of the request's body, which were handed out
   */
  void taken(int bytes);

  /**
   * Whether more of the request is wanted.
   *
   * @param wanted false while what has come waits
   */
  void reading(boolean wanted);

  /**
   * Starts the time limit, or starts it again.
   *
   * @param nanos time from now, after which {@link ServerReception#expired} is due
   */
  void limit(long nanos);

  /** The transaction is complete; what the peer still sends is not wanted. */
  void complete();

  /**
   * Ends the stream.
   *
   * @param why what the peer is told
   */
  void reset(Reset why);
}
