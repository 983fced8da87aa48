package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.transport.http.MultiplexedHeads;
import io.securestreams.reactor.transport.http.server.ServerCarrier;
import io.securestreams.reactor.transport.http.server.ServerListening;
import io.securestreams.reactor.transport.http.server.ServerMultiplexedHead;
import io.securestreams.reactor.transport.http.server.ServerReception;

/** One transaction's stream of a client's h2 connection. */
final class H2ServerStream implements ServerCarrier, H2Occupant {

  private final H2ServerConnection connection;
  private final Http2Stream stream;
  private final H2Window window;
  private final ServerReception reception;

  /** Value of {@link System#nanoTime} at which the time limit passes. */
  private long due;

  private boolean ended;

  /** Place among the streams of the connection. */
  private int index;

  H2ServerStream(
      H2ServerConnection connection,
      ServerListening listening,
      Http2Stream stream,
      ServerMultiplexedHead head) {
    this.connection = connection;
    this.stream = stream;
    this.window = new H2Window(connection.credit().initialWindowSize());
    this.reception = ServerReception.of(head, listening, connection.channel(), this);
  }

  // What the peer says.

  void begin(ServerMultiplexedHead head, boolean last) {
    reception.begin(head, last);
  }

  @Override
  public void headers(Http2Headers headers, boolean last) throws Http2Exception {
    if (!last || !ServerMultiplexedHead.isTrailer(headers)) {
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, "a second head that is no trailer");
    }
    reception.end();
  }

  @Override
  public void data(ByteBuf data, boolean last) {
    reception.data(data, last);
  }

  @Override
  public void reset(long code) {
    reception.lost(FailureKind.CLOSED, "gave the request up: " + H2Failures.name(code));
  }

  /** The peer broke a rule on this stream, or the connection did not outlive something. */
  void broken(FailureKind kind, String how) {
    reception.lost(kind, how);
  }

  /** The client went beyond a limit of its connection. */
  void broken(LinkException limit) {
    reception.lost(limit);
  }

  @Override
  public void drain() {
    // Pieces are credited as they are written.
  }

  @Override
  public void closed() {
    if (!ended) {
      ended = true;
      connection.left(this);
      Channel channel = connection.channel();
      if (channel.isActive()) {
        // The codec tells it after the first of the pieces that it merged; the last one is next.
        channel.eventLoop().execute(this::gone);
      } else {
        gone();
      }
    }
  }

  private void gone() {
    reception.lost(FailureKind.CLOSED, "is gone");
  }

  // What the transaction asks for.

  @Override
  public void head(Answer answer, boolean last, ChannelFutureListener written) {
    Http2Headers head = MultiplexedHeads.answer(new DefaultHttp2Headers(false), answer);
    connection.writeHead(stream.id(), head, last, written);
  }

  @Override
  public void piece(ByteBuf piece, boolean last, ChannelFutureListener written) {
    connection.writeData(stream.id(), piece, last, written);
  }

  @Override
  public void flush() {
    connection.flushSoon();
  }

  @Override
  public void taken(int bytes) {
    if (!ended && connection.credit().consumeBytes(stream, bytes)) {
      connection.flushSoon();
    }
  }

  @Override
  public void reading(boolean wanted) {
    // The window of the stream does it: it is opened again only for what was taken.
  }

  @Override
  public void limit(long nanos) {
    due = System.nanoTime() + nanos;
    connection.limit(nanos);
  }

  @Override
  public void complete() {
    if (!ended && stream.state().remoteSideOpen()) {
      // The client need not send the rest. Source: RFC 9113 section 8.1.
      connection.reset(stream, Http2Error.NO_ERROR);
    }
  }

  @Override
  public void reset(Reset why) {
    if (!ended) {
      connection.reset(stream, error(why));
    }
  }

  private static Http2Error error(Reset why) {
    return switch (why) {
      case CANCELLED -> Http2Error.CANCEL;
      case REFUSED -> Http2Error.REFUSED_STREAM;
      case FAILED -> Http2Error.INTERNAL_ERROR;
    };
  }

  // For the connection.

  @Override
  public H2Window window() {
    return window;
  }

  @Override
  public long check(long now) {
    if (ended) {
      return Long.MAX_VALUE;
    }
    long rest = due - now;
    if (rest > 0) {
      return rest;
    }
    reception.expired();
    return Long.MAX_VALUE;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public void index(int place) {
    index = place;
  }
}
