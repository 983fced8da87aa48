package io.securestreams.reactor.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.quic.QuicChannel;

/**
 * How QUIC connections are closed by us: always as the transport.
 *
 * <p>A close by the application was seen to make quiche give out datagrams without an end, inside
 * one call that never returned, so that an event loop was lost. It was a connection over a lossy
 * network; a close by the transport was not seen to do so. The peer sees codes of RFC 9000 instead
 * of those of HTTP/3.
 */
public enum QuicFarewell {
  /** Nothing is left to be done. Source: RFC 9000, NO_ERROR. */
  NO_ERROR(0),
  /** The server does not want the connection. Source: RFC 9000, CONNECTION_REFUSED. */
  REFUSED(2);

  private final int code;

  QuicFarewell(int code) {
    this.code = code;
  }

  /** Closes a connection. */
  public void to(QuicChannel connection) {
    connection
        .close(false, code, Unpooled.EMPTY_BUFFER)
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }
}
