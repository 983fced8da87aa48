package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.transport.http.BodyCount;
import io.securestreams.reactor.transport.http.ClientExchange;
import io.securestreams.reactor.transport.http.ClientHttpLink;
import io.securestreams.reactor.transport.http.MultiplexedHeads;
import io.securestreams.reactor.transport.http.ResponseHead;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One transaction's stream of an h2 connection; there is no stream before the head is written. */
final class H2Exchange implements ClientExchange, H2Occupant {

  private final H2ClientConnection connection;
  private final H2Window window;
  private final BodyCount count = new BodyCount();
  private final boolean first;

  @Nullable private ClientHttpLink link;
  @Nullable private Http2Headers headers;
  @Nullable private Http2Stream stream;

  /** Granted before there was a stream. */
  private long granted;

  private boolean touched;
  private boolean answered;
  private boolean ended;
  private boolean asking;

  /** Value of {@link System#nanoTime} at which the time limit passes, if {@link #limited}. */
  private long due;

  private boolean limited;

  /** Place among the exchanges of the connection. */
  private int index;

  /**
   * Creates an exchange without a stream.
   *
   * @param first nothing else goes on on the connection, which was kept from before
   */
  H2Exchange(H2ClientConnection connection, ClientHttpLink link, boolean first) {
    this.connection = connection;
    this.link = link;
    this.window = new H2Window(connection.credit().initialWindowSize());
    this.first = first;
  }

  // What the link asks for.

  @Override
  public Channel channel() {
    return connection.channel();
  }

  @Override
  public Optional<String> peer() {
    return Channels.peer(connection.channel());
  }

  @Override
  public boolean stale() {
    return first && !touched;
  }

  @Override
  public void prepare(HttpPlan plan) {
    headers = connection.heads().of(plan);
  }

  @Override
  public void head(ChannelFutureListener written) {
    opened(connection.open(this, prepared(), false, written));
  }

  @Override
  public void whole(ByteBuf body, ChannelFutureListener written) {
    if (!body.isReadable()) {
      body.release();
      opened(connection.open(this, prepared(), true, written));
      return;
    }
    head(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    content(body, true, written);
  }

  private Http2Headers prepared() {
    Http2Headers prepared = Objects.requireNonNull(headers, "headers");
    headers = null;
    return prepared;
  }

  @Override
  public void content(ByteBuf piece, boolean last, ChannelFutureListener written) {
    // Without a stream the codec says why, as it does for one that ended.
    connection.writeData(id(), piece, last, written);
  }

  @Override
  public void flush() {
    connection.flushSoon();
  }

  @Override
  public boolean writable() {
    Http2Stream current = stream;
    return current == null ? channel().isWritable() : connection.isWritable(current);
  }

  @Override
  public void reading(boolean wanted) {
    // The window of the stream does it: it is opened again only for what was taken.
  }

  @Override
  public void taken(int bytes) {
    if (stream != null && !ended && connection.credit().consumeBytes(stream, bytes)) {
      connection.flushSoon();
    }
  }

  @Override
  public void grant(long bytes) {
    Http2Stream current = stream;
    if (current == null) {
      granted += bytes;
    } else if (bytes > 0 && !ended) {
      connection.credit().grant(current, bytes);
      connection.flushSoon();
    }
  }

  /** There is a stream, unless the codec refused it: what was granted before is told now. */
  private void opened(@Nullable Http2Stream made) {
    stream = made;
    long before = granted;
    granted = 0;
    grant(before);
  }

  @Override
  public long credit() {
    return window.left();
  }

  @Override
  public void limit(long nanos) {
    due = System.nanoTime() + nanos;
    limited = true;
    connection.limit(nanos);
  }

  @Override
  public void unlimit() {
    limited = false;
  }

  @Override
  public void ping() {
    asking = true;
    connection.ping();
  }

  @Override
  public void release(boolean sent) {
    leave();
  }

  @Override
  public void drop(ClientHttpLink of) {
    if (link == of) {
      leave();
    }
  }

  @Override
  public void abort(ClientHttpLink of) {
    boolean silent = asking && link == of;
    drop(of);
    if (silent) {
      connection.silent();
    }
  }

  /** Leaves the connection, and the peer no doubt about what is not complete. */
  private void leave() {
    link = null;
    Http2Stream left = stream;
    if (left != null && (left.state().localSideOpen() || !ended)) {
      connection.reset(left, Http2Error.CANCEL);
    }
    connection.left(this);
  }

  /** Lets go of the link without a word to the peer: it is for the caller to tell it. */
  @Nullable ClientHttpLink detach() {
    ClientHttpLink detached = link;
    if (detached != null) {
      link = null;
      connection.left(this);
    }
    return detached;
  }

  // What the connection tells.

  @Override
  public void headers(Http2Headers received, boolean end) {
    // An interim one, the final one, or trailers.
    ClientHttpLink current = link;
    touched = true;
    ended = end;
    if (current == null) {
      return;
    }
    if (!answered) {
      int status = MultiplexedHeads.status(received);
      if (MultiplexedHeads.interim(status) && !end) {
        return;
      }
      if (status == 0 || MultiplexedHeads.interim(status)) {
        current.broken(connection.failures().protocol("answered without a final status"));
        return;
      }
      answered = true;
      ResponseHead head = MultiplexedHeads.head(status, received);
      count.announced(head, current.plan().method());
      current.head(head);
    }
    end(current);
  }

  private void end(ClientHttpLink current) {
    if (!ended || link != current) {
      return;
    }
    if (count.complete()) {
      current.last();
    } else {
      current.broken(connection.failures().protocol("sent less than its content-length"));
    }
  }

  @Override
  public void data(ByteBuf piece, boolean end) {
    ClientHttpLink current = link;
    ended = end;
    if (current == null) {
      return;
    }
    if (!answered) {
      current.broken(connection.failures().protocol("sent a body before the head"));
      return;
    }
    if (!count.add(piece.readableBytes())) {
      current.broken(connection.failures().protocol("sent more than its content-length"));
      return;
    }
    if (piece.isReadable()) {
      current.piece(piece);
    }
    end(current);
  }

  @Override
  public void reset(long code) {
    ended = true;
    ClientHttpLink current = detach();
    if (current != null) {
      LinkException cause = connection.failures().reset(code);
      if (code == Http2Error.REFUSED_STREAM.code()) {
        current.refused(cause);
      } else {
        current.broken(cause);
      }
    }
  }

  /** The stream is of no more use. */
  void broken(LinkException cause) {
    ended = true;
    ClientHttpLink current = detach();
    if (current != null) {
      current.broken(cause);
    }
  }

  /** The connection goes away before the peer looked at the request. */
  void refused(LinkException cause) {
    ended = true;
    ClientHttpLink current = detach();
    if (current != null) {
      current.refused(cause);
    }
  }

  @Override
  public void closed() {
    connection.ended(this);
  }

  /** The stream ended, maybe with its connection. */
  void gone() {
    ended = true;
    ClientHttpLink current = detach();
    if (current != null) {
      current.gone();
    }
  }

  /** The peer proved to be there. */
  void alive() {
    ClientHttpLink current = link;
    if (asking && current != null) {
      asking = false;
      current.alive();
    }
  }

  @Override
  public void drain() {
    ClientHttpLink current = link;
    if (current != null) {
      current.drain();
    }
  }

  @Override
  public long check(long now) {
    ClientHttpLink current = link;
    if (!limited || current == null) {
      return Long.MAX_VALUE;
    }
    long rest = due - now;
    if (rest > 0) {
      return rest;
    }
    limited = false;
    current.expired();
    return Long.MAX_VALUE;
  }

  // For the connection.

  @Override
  public H2Window window() {
    return window;
  }

  /** Stream id, or {@code Integer.MAX_VALUE} before there is a stream. */
  int id() {
    Http2Stream current = stream;
    return current == null ? Integer.MAX_VALUE : current.id();
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
