package io.securestreams.reactor.transport.http.h3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.concurrent.Future;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.transport.http.BodyCount;
import io.securestreams.reactor.transport.http.ClientExchange;
import io.securestreams.reactor.transport.http.ClientHttpLink;
import io.securestreams.reactor.transport.http.MultiplexedHeads;
import io.securestreams.reactor.transport.http.ResponseHead;
import io.securestreams.reactor.transport.http.SharedConnection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One transaction on a stream of an HTTP/3 connection. Lives on its event loop. */
final class H3Exchange extends Http3RequestStreamInboundHandler implements ClientExchange {

  private final H3Connection connection;

  /** Whose transaction it is; null once that is over. */
  @Nullable private ClientHttpLink link;

  @Nullable private QuicStreamChannel stream;
  @Nullable private Deadline deadline;
  @Nullable private Http3Headers prepared;
  private final BodyCount count = new BodyCount();

  /** Datagrams of the peer when the time limit was last moved. */
  private long heard;

  private boolean answered;
  private boolean stale;
  private boolean freed;

  H3Exchange(H3Connection connection, ClientHttpLink link) {
    this.connection = connection;
    this.link = link;
    this.stale = connection.proven();
  }

  /** The stream stands, or there is none. */
  void opened(Future<? extends Channel> opening) {
    ClientHttpLink owner = Objects.requireNonNull(link, "link");
    if (opening.isSuccess()) {
      QuicStreamChannel made = (QuicStreamChannel) opening.getNow();
      stream = made;
      deadline = new Deadline(made.eventLoop(), this::expired);
      owner.attached(this);
    } else {
      link = null;
      free();
      owner.notConnected(connection.failure(opening.cause()));
    }
  }

  private QuicStreamChannel stream() {
    return Objects.requireNonNull(stream, "stream");
  }

  private void free() {
    if (!freed) {
      freed = true;
      connection.freed(this);
    }
  }

  @Override
  public Channel channel() {
    return stream();
  }

  @Override
  public Optional<String> peer() {
    return connection.peer();
  }

  @Override
  public boolean stale() {
    return stale;
  }

  // Sending.

  @Override
  public void prepare(HttpPlan plan) {
    prepared = MultiplexedHeads.request(new DefaultHttp3Headers(false), plan);
  }

  private DefaultHttp3HeadersFrame prepared() {
    Http3Headers headers = Objects.requireNonNull(prepared, "prepared");
    prepared = null;
    return new DefaultHttp3HeadersFrame(headers);
  }

  @Override
  public void head(ChannelFutureListener written) {
    stream().write(prepared()).addListener(written);
  }

  @Override
  public void whole(ByteBuf body, ChannelFutureListener written) {
    if (body.isReadable()) {
      stream().write(prepared()).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
      content(body, true, written);
    } else {
      body.release();
      end(stream().write(prepared()), written);
    }
  }

  @Override
  public void content(ByteBuf piece, boolean last, ChannelFutureListener written) {
    ChannelFuture sent = stream().write(new DefaultHttp3DataFrame(piece));
    if (last) {
      end(sent, written);
    } else {
      sent.addListener(written);
    }
  }

  private static void end(ChannelFuture sent, ChannelFutureListener written) {
    sent.addListener(written).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
  }

  @Override
  public void flush() {
    stream().flush();
  }

  @Override
  public boolean writable() {
    return stream().isWritable();
  }

  // Receiving.

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
    ClientHttpLink owner = link;
    if (owner == null || answered) {
      return; // Nobody waits for it, or it is the trailer.
    }
    int status = MultiplexedHeads.status(frame.headers());
    if (status == 0) {
      owner.broken(protocol("answered without a status"));
      return;
    }
    stale = false;
    connection.prove();
    if (!MultiplexedHeads.interim(status)) {
      answered = true;
      ResponseHead head = MultiplexedHeads.head(status, frame.headers());
      count.announced(head, owner.plan().method());
      owner.head(head);
    }
  }

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
    try {
      ClientHttpLink owner = link;
      if (owner == null) {
        return;
      }
      if (!count.add(frame.content().readableBytes())) {
        owner.broken(protocol("sent more than its content-length"));
      } else if (frame.content().isReadable()) {
        owner.piece(frame.content());
      }
    } finally {
      frame.release();
    }
  }

  @Override
  protected void channelInputClosed(ChannelHandlerContext ctx) {
    ClientHttpLink owner = link;
    if (owner == null) {
      return;
    }
    if (!answered) {
      owner.broken(protocol("ended the stream without an answer"));
    } else if (!count.complete()) {
      owner.broken(protocol("sent less than its content-length"));
    } else {
      owner.last();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Nothing behind has to do with it.
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ClientHttpLink owner = link;
    if (owner != null && writable()) {
      owner.drain();
    }
  }

  @Override
  public void reading(boolean wanted) {
    if (stream().config().isAutoRead() != wanted) {
      stream().config().setAutoRead(wanted);
    }
  }

  @Override
  public void taken(int bytes) {
    // What is read opens the window again by itself.
  }

  // Time.

  @Override
  public void limit(long nanos) {
    heard = connection.heard();
    deadline().arm(nanos);
  }

  @Override
  public void unlimit() {
    deadline().disarm();
  }

  private Deadline deadline() {
    return Objects.requireNonNull(deadline, "deadline");
  }

  /** A peer that did not even acknowledge the request is gone, for all transactions. */
  private void expired() {
    ClientHttpLink owner = link;
    if (owner == null) {
      return;
    }
    boolean silent = connection.heard() == heard;
    if (silent) {
      connection.slots().retire();
    }
    owner.expired();
    if (silent) {
      connection.silent();
    }
  }

  @Override
  public void ping() {
    connection.ping(this);
  }

  /** The sign of life came. */
  void alive() {
    ClientHttpLink owner = link;
    if (owner != null) {
      owner.alive();
    }
  }

  // Ends.

  @Override
  public void release(boolean sent) {
    link = null;
    deadline().stop();
    Http3ErrorCode why =
        answered ? Http3ErrorCode.H3_NO_ERROR : Http3ErrorCode.H3_REQUEST_CANCELLED;
    QuicStreamChannel ending = stream();
    if (sent && answered) {
      Channels.close(ending);
    } else {
      ending.shutdown(why.code(), ending.newPromise()).addListener(shut -> Channels.close(ending));
    }
    free();
  }

  @Override
  public void drop(ClientHttpLink of) {
    if (link == of) {
      release(false);
    }
  }

  @Override
  public void abort(ClientHttpLink of) {
    boolean silent = link == of && connection.owesSign(this);
    drop(of);
    if (silent) {
      connection.silent();
    }
  }

  @Override
  protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
    ClientHttpLink owner = link;
    if (owner == null) {
      return;
    }
    if (exception instanceof QuicStreamResetException reset) {
      reset(owner, reset.applicationProtocolCode());
    } else {
      owner.broken(connection.failure(exception));
    }
  }

  private void reset(ClientHttpLink owner, long code) {
    if (code == Http3ErrorCode.H3_VERSION_FALLBACK.code()) {
      owner.broken(protocol(SharedConnection.HTTP_1_1_REQUIRED));
    } else if (code == Http3ErrorCode.H3_REQUEST_REJECTED.code()) {
      owner.refused(gaveUp(code));
    } else {
      owner.broken(gaveUp(code));
    }
  }

  private LinkException gaveUp(long code) {
    return protocol("reset the stream with code " + code);
  }

  @Override
  protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception exception) {
    ClientHttpLink owner = link;
    if (owner != null) {
      FailureKind kind =
          exception.errorCode() == Http3ErrorCode.H3_EXCESSIVE_LOAD
              ? FailureKind.LIMIT
              : FailureKind.PROTOCOL;
      String peer = connection.key().target().toString();
      owner.broken(new LinkException(kind, peer + ": " + exception.getMessage(), peer, exception));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof QuicException || cause instanceof Http3Exception) {
      super.exceptionCaught(ctx, cause);
      return;
    }
    ClientHttpLink owner = link;
    if (owner != null) {
      owner.broken(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ClientHttpLink owner = link;
    if (owner != null) {
      link = null;
      deadline().stop();
      free();
      owner.gone();
    }
    ctx.fireChannelInactive();
  }

  private LinkException protocol(String what) {
    String peer = connection.key().target().toString();
    return new LinkException(FailureKind.PROTOCOL, peer + " " + what, peer, null);
  }
}
