package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.transport.http.server.ServerConnections;
import io.securestreams.reactor.transport.http.server.ServerExit;
import io.securestreams.reactor.transport.http.server.ServerListening;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's h2 connection, on its event loop: each of its streams is a link of its own, the
 * connection is none.
 *
 * <p>Netty's codec does frames, header compression and the windows of the peer; a stream is an
 * {@link H2ServerStream} without a channel of its own. What is written leaves at the end of a read,
 * or in one flush for all that the event loop has at hand.
 */
final class H2ServerConnection extends Http2ConnectionHandler implements ServerConnections.Member {

  private final H2Codec codec;
  private final Channel channel;
  private final ServerListening listening;
  private final H2Occupants<H2ServerStream> streams;
  private final Deadline deadline;
  private final long limitNanos;

  /** Runs while there is no stream. */
  private final Deadline idle;

  private final long idleNanos;

  @Nullable private ChannelHandlerContext context;
  private boolean settled;
  private boolean reading;
  private boolean flushing;
  private boolean leaving;
  private boolean left;

  H2ServerConnection(H2Codec codec, Channel channel, ServerListening listening) {
    super(codec.decoder(), codec.encoder(), codec.settings(), true);
    this.codec = codec;
    this.channel = channel;
    this.listening = listening;
    this.streams = new H2Occupants<>(channel.eventLoop());
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.limitNanos = listening.settings().servers().head().toNanos();
    this.idle = new Deadline(channel.eventLoop(), this::idled);
    this.idleNanos = listening.settings().servers().idle().toNanos();
    codec.listener(new H2ServerFrames(this, codec));
  }

  // What the peer says.

  /** A request's head is there, and well formed. */
  void asked(Http2Stream stream, Http2Headers head, boolean last) {
    H2ServerStream occupant = new H2ServerStream(this, listening, stream);
    stream.setProperty(codec.occupants(), occupant);
    streams.add(occupant);
    idle.disarm();
    occupant.begin(head, last);
  }

  void settled() {
    if (!settled) {
      settled = true;
      deadline.disarm();
      if (streams.isEmpty()) {
        idle.arm(idleNanos);
      }
    }
  }

  /** The peer has read that we leave: what it asked before is known. */
  void ponged() {
    if (leaving && !left) {
      sayGoodbye(connection().remote().lastStreamCreated());
      left = true;
      closeIfSpent();
    }
  }

  /** The peer asks for nothing more. */
  void goneAway() {
    leaving = true;
    left = true;
    if (!reading) {
      closeIfSpent();
    }
  }

  // What streams ask for.

  Channel channel() {
    return channel;
  }

  H2Credit credit() {
    return codec.credit();
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void writeHead(
      Http2Stream stream, Http2Headers head, boolean last, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    encoder().writeHeaders(ctx, stream.id(), head, 0, last, told(ctx, written));
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void write(Http2Stream stream, ByteBuf piece, boolean last, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    codec.guard().wrote();
    encoder().writeData(ctx, stream.id(), piece, 0, last, told(ctx, written));
  }

  /** A promise whose listener hears of it before the codec ends the stream. */
  private static ChannelPromise told(ChannelHandlerContext ctx, ChannelFutureListener written) {
    return ctx.newPromise().addListener(written);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void reset(Http2Stream stream, Http2Error error) {
    if (channel.isActive()) {
      ChannelHandlerContext ctx = ctx();
      encoder().writeRstStream(ctx, stream.id(), error.code(), ctx.newPromise());
      flushSoon();
    }
  }

  /** A time limit of one stream begins, in ns from now. */
  void limit(long nanos) {
    streams.limit(nanos);
  }

  void flushSoon() {
    if (!reading && !flushing) {
      flushing = true;
      channel.eventLoop().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushing = false;
    if (channel.isActive()) {
      flush(ctx());
    }
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(context, "not in a pipeline");
  }

  /** A stream is over. */
  void left(H2ServerStream occupant) {
    if (streams.remove(occupant) && streams.isEmpty() && channel.isActive()) {
      idle.arm(idleNanos);
    }
    closeIfSpent();
  }

  // Ends.

  @Override
  public void leave() {
    Channels.run(channel, this::leaveNow);
  }

  /**
   * Announces the end, and ends once the peer knows of it: what it asks meanwhile is served.
   * Source: RFC 9113 section 6.8.
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void leaveNow() {
    if (leaving || !channel.isActive()) {
      return;
    }
    leaving = true;
    sayGoodbye(Integer.MAX_VALUE);
    ChannelHandlerContext ctx = ctx();
    encoder().writePing(ctx, false, 0, ctx.newPromise());
    deadline.arm(limitNanos);
    flushSoon();
  }

  private void idled() {
    if (!leaving) {
      ServerExit.idle(listening, channel);
      leaveNow();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void sayGoodbye(int lastStream) {
    ChannelHandlerContext ctx = ctx();
    goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    flushSoon();
  }

  private void closeIfSpent() {
    if (left && streams.isEmpty() && channel.isActive()) {
      // Behind what is written, and behind the codec's own work on the last stream.
      channel.eventLoop().execute(this::closeSpent);
    }
  }

  private void closeSpent() {
    if (streams.isEmpty() && channel.isActive()) {
      flush(ctx());
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void expired() {
    if (leaving) {
      // Nobody answers the PING: who asks for more asks in vain.
      ponged();
    } else {
      Channels.close(channel);
    }
  }

  // What the pipeline says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    codec.credit().begin();
    if (!settled) {
      deadline.arm(limitNanos);
    }
    listening.connections().add(this);
    flushSoon();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    reading = true;
    super.channelRead(ctx, msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    discardSomeReadBytes();
    flush(ctx);
    closeIfSpent();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      Channels.close(channel);
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    listening.connections().remove(this);
    streams.stop();
    deadline.stop();
    idle.stop();
    reading = false;
    // The codec ends the streams, which tell.
    super.channelInactive(ctx);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    if (outbound) {
      // What cannot be written any more is no fault of the client's; the stream's end is told.
      super.onStreamError(ctx, true, cause, error);
      return;
    }
    Http2Stream stream = connection().stream(error.streamId());
    H2ServerStream occupant = stream == null ? null : stream.getProperty(codec.occupants());
    if (occupant != null) {
      occupant.broken(FailureKind.PROTOCOL, "broke a rule: " + error.getMessage());
    }
    try {
      codec.guard().provoked();
    } catch (Http2Exception tooMany) {
      onConnectionError(ctx, false, tooMany, tooMany);
      return;
    }
    super.onStreamError(ctx, false, cause, error);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    leaving = true;
    ServerExit.failed(listening.plan().streamType(), channel, error == null ? cause : error);
    for (H2ServerStream occupant : List.copyOf(streams.all())) {
      if (outbound || error == null) {
        occupant.broken(FailureKind.CLOSED, "is gone");
      } else {
        boolean calm = error.error() == Http2Error.ENHANCE_YOUR_CALM;
        occupant.broken(
            calm ? FailureKind.LIMIT : FailureKind.PROTOCOL,
            "broke a rule of the connection: " + error.getMessage());
      }
    }
    super.onConnectionError(ctx, outbound, cause, error);
    ctx.flush();
    Channels.close(channel);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ServerExit.failed(listening.plan().streamType(), channel, cause);
    Channels.close(channel);
  }
}
