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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of an h2 connection, on its event loop.
 *
 * <p>Netty's codec does frames, header compression and the windows of the peer; who uses a stream
 * is an {@link H2Occupant} without a channel of its own. What is written leaves at the end of a
 * read, or in one flush for all that the event loop has at hand.
 *
 * @param <E> who uses the streams
 */
abstract class H2Endpoint<E extends H2Occupant> extends Http2ConnectionHandler {

  private final H2Codec codec;
  private final Channel channel;
  private final H2Occupants<E> occupants;

  @Nullable private ChannelHandlerContext context;
  private boolean reading;
  private boolean flushing;

  H2Endpoint(H2Codec codec, Channel channel) {
    super(codec.decoder(), codec.encoder(), codec.settings(), true);
    this.codec = codec;
    this.channel = channel;
    this.occupants = new H2Occupants<>(channel.eventLoop());
    codec.listener(new H2Frames(this, codec));
  }

  // What the peer says.

  /** The peer's settings are in force. */
  abstract void settled();

  /** A PING of ours was answered. */
  abstract void ponged();

  /**
   * The peer takes no more streams, or asks for none.
   *
   * @param lastStream the last that it looked at
   * @param code why
   */
  abstract void goneAway(int lastStream, long code);

  /**
   * A head opened a stream that nobody uses yet.
   *
   * @param last nothing follows
   * @throws Http2Exception if the head is malformed
   */
  abstract void opened(Http2Stream stream, Http2Headers head, boolean last) throws Http2Exception;

  /** A stream is over for the codec; its occupant knows. */
  abstract void streamClosed();

  // What occupants ask for.

  final Channel channel() {
    return channel;
  }

  final H2Credit credit() {
    return codec.credit();
  }

  final H2Guard guard() {
    return codec.guard();
  }

  final H2Occupants<E> occupants() {
    return occupants;
  }

  /** Says who uses a stream. */
  final void occupy(Http2Stream stream, E occupant) {
    stream.setProperty(codec.occupants(), occupant);
  }

  /** Who uses a stream; null if nobody does. */
  final @Nullable E occupant(int streamId) {
    Http2Stream stream = connection().stream(streamId);
    return stream == null ? null : stream.getProperty(codec.occupants());
  }

  /** A time limit of an occupant begins, in ns from now. */
  final void limit(long nanos) {
    occupants.limit(nanos);
  }

  /** Writes a head, without a flush. */
  @SuppressWarnings("FutureReturnValueIgnored")
  final void writeHead(
      int streamId, Http2Headers head, boolean last, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    encoder().writeHeaders(ctx, streamId, head, 0, last, told(ctx, written));
  }

  /** Writes a piece of a body, without a flush. */
  @SuppressWarnings("FutureReturnValueIgnored")
  final void writeData(int streamId, ByteBuf piece, boolean last, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    codec.guard().wrote();
    encoder().writeData(ctx, streamId, piece, 0, last, told(ctx, written));
  }

  /** A promise whose listener hears of it before the codec ends the stream. */
  private static ChannelPromise told(ChannelHandlerContext ctx, ChannelFutureListener written) {
    return ctx.newPromise().addListener(written);
  }

  /** True if the peer's windows have room for more of a stream. */
  final boolean isWritable(Http2Stream stream) {
    return encoder().flowController().isWritable(stream);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  final void writePing() {
    ChannelHandlerContext ctx = ctx();
    encoder().writePing(ctx, false, 0, ctx.newPromise());
    flushSoon();
  }

  /** Says that no stream above one is looked at. */
  @SuppressWarnings("FutureReturnValueIgnored")
  final void writeGoAway(int lastStream) {
    ChannelHandlerContext ctx = ctx();
    goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    flushSoon();
  }

  /** Ends a stream. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void reset(Http2Stream stream, Http2Error error) {
    if (channel.isActive()) {
      ChannelHandlerContext ctx = ctx();
      encoder().writeRstStream(ctx, stream.id(), error.code(), ctx.newPromise());
      flushSoon();
    }
  }

  final void flushSoon() {
    if (!reading && !flushing) {
      flushing = true;
      channel.eventLoop().execute(this::flushNow);
    }
  }

  /** Has everything go out that was written. */
  final void flushNow() {
    flushing = false;
    if (channel.isActive()) {
      flush(ctx());
    }
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(context, "not in a pipeline");
  }

  /** True inside a batch of received frames, at whose end everything goes out. */
  final boolean isReading() {
    return reading;
  }

  // What the pipeline says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    codec.credit().begin();
    flushSoon();
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    reading = true;
    super.channelRead(ctx, msg);
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) {
    // The bridge behind has nothing to do with it.
    reading = false;
    discardSomeReadBytes();
    boolean scheduled = flushing;
    flushing = true;
    batchRead();
    flushing = scheduled;
    flush(ctx);
  }

  /** A batch of received frames is over; what is written here goes out with the rest. */
  abstract void batchRead();

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    occupants.stop();
    reading = false;
    super.channelInactive(ctx);
  }
}
