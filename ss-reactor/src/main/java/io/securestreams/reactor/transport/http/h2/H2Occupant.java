package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/** Who uses a stream of an h2 connection. On the connection's event loop. */
interface H2Occupant {

  /** What the peer may send on the stream. */
  H2Window window();

  /**
   * A head came, of any kind.
   *
   * @param headers with pseudo headers, or trailers
   * @param last nothing follows
   * @throws Http2Exception if it is malformed
   */
  void headers(Http2Headers headers, boolean last) throws Http2Exception;

  /**
   * A piece of the body came.
   *
   * @param data is not released here
   * @param last nothing follows
   */
  void data(ByteBuf data, boolean last);

  /**
   * The peer gave the stream up.
   *
   * @param code why
   */
  void reset(long code);

  /** The peer's windows have room again. */
  void drain();

  /** The stream is over for the codec, maybe with its connection. */
  void closed();

  /**
   * Looks at the time limit.
   *
   * @param now value of {@link System#nanoTime}
   * @return what is left of it in ns, or {@code Long.MAX_VALUE} if none is running
   */
  long check(long now);

  /** Place among the occupants of the connection. */
  int index();

  /**
   * Moves to another place.
   *
   * @param place among the occupants of the connection
   */
  void index(int place);
}
