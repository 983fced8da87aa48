package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ClientHttpLink;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.SharedConnection;
import io.securestreams.reactor.transport.http.Slots;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One h2 connection and its transactions, on its event loop; only what {@link SharedConnection} has
 * may be called from elsewhere.
 *
 * <p>Netty's codec does frames, header compression and the windows of the peer; a stream is an
 * {@link H2Exchange} without a channel of its own. What is written leaves at the end of a read, or
 * in one flush for all that the event loop has at hand.
 */
final class H2Connection extends Http2ConnectionHandler implements SharedConnection {

  /** Stream ids end at 2^31; a connection that comes near takes no more. */
  private static final int LAST_STREAM = Integer.MAX_VALUE - 1000;

  private final H2Codec codec;
  private final Opening owner;
  private final Channel channel;
  private final H2Failures failures;
  private final Slots slots;
  private final Deadline idle;
  private final long idleNanos;
  private final long settleNanos;
  private final H2Occupants<H2Exchange> exchanges;
  private final H2Heads heads = new H2Heads();
  private final Queue<ClientHttpLink> arriving = new ArrayDeque<>();

  @Nullable private ChannelHandlerContext context;
  @Nullable private LinkException fault;
  private boolean settled;
  private boolean kept;
  private boolean reading;
  private boolean flushing;
  private boolean pinging;

  H2Connection(
      H2Codec codec,
      ConnectionKey key,
      Channel channel,
      TransportSettings settings,
      Opening owner) {
    super(codec.decoder(), codec.encoder(), codec.settings(), true);
    this.codec = codec;
    this.owner = owner;
    this.channel = channel;
    this.failures = new H2Failures(key.target());
    this.slots = new Slots(System.nanoTime() + settings.connectionAge().toNanos());
    this.exchanges = new H2Occupants<>(channel.eventLoop());
    this.idle = new Deadline(channel.eventLoop(), this::unused);
    this.idleNanos = settings.poolIdle().toNanos();
    this.settleNanos = settings.response().toNanos();
    codec.listener(new H2Frames(this, codec));
  }

  // For everybody.

  @Override
  public Slots slots() {
    return slots;
  }

  @Override
  public void attach(ClientHttpLink link) {
    Channels.run(channel, () -> arrive(link));
  }

  @Override
  public void retire() {
    slots.retire();
    Channels.run(channel, this::closeIfSpent);
  }

  // Transactions.

  private void arrive(ClientHttpLink link) {
    if (reading) {
      // The codec may still count a stream that just ended.
      arriving.add(link);
    } else {
      attachNow(link);
    }
  }

  private void attachNow(ClientHttpLink link) {
    Http2Connection.Endpoint<?> ours = connection().local();
    if (ours.lastStreamCreated() >= LAST_STREAM || connection().goAwayReceived()) {
      slots.retire();
    }
    if (slots.most() == 0 || !channel.isActive()) {
      slots.give();
      link.lease();
      closeIfSpent();
      return;
    }
    if (!ours.canOpenStream()) {
      // The codec still counts a stream whose end is not written.
      arriving.add(link);
      return;
    }
    if (settled) {
      idle.disarm();
    }
    H2Exchange exchange = new H2Exchange(this, link, kept && exchanges.isEmpty());
    exchanges.add(exchange);
    link.attached(exchange);
  }

  /** An exchange is over. */
  void left(H2Exchange exchange) {
    if (!exchanges.remove(exchange)) {
      return;
    }
    slots.give();
    if (exchanges.isEmpty()) {
      kept = true;
      if (settled) {
        idle.arm(idleNanos);
      }
    }
    closeIfSpent();
    owner.freed();
  }

  private void unused() {
    if (!settled) {
      fault = failures.protocol("sent no SETTINGS");
      slots.retire();
      Channels.close(channel);
    } else if (slots.retireUnused()) {
      leave();
    }
  }

  private void closeIfSpent() {
    if (slots.spent(System.nanoTime())) {
      slots.retire();
      leave();
    }
  }

  /** Closes the connection in good order. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void leave() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && channel.isActive() && fault == null) {
      goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
    Channels.close(channel);
  }

  // What exchanges ask for.

  Channel channel() {
    return channel;
  }

  H2Failures failures() {
    return failures;
  }

  H2Credit credit() {
    return codec.credit();
  }

  H2Heads heads() {
    return heads;
  }

  /** Writes a head, which opens a stream. */
  @Nullable Http2Stream open(
      H2Exchange exchange, Http2Headers head, boolean end, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    int id = connection().local().incrementAndGetNextStreamId();
    encoder().writeHeaders(ctx, id, head, 0, end, ctx.newPromise()).addListener(written);
    Http2Stream stream = connection().stream(id);
    if (stream != null) {
      stream.setProperty(codec.occupants(), exchange);
    }
    return stream;
  }

  void write(
      @Nullable Http2Stream stream, ByteBuf piece, boolean last, ChannelFutureListener written) {
    ChannelHandlerContext ctx = ctx();
    codec.guard().wrote();
    // Without a stream the codec says why, as it does for one that ended.
    int id = stream == null ? Integer.MAX_VALUE : stream.id();
    encoder().writeData(ctx, id, piece, 0, last, ctx.newPromise()).addListener(written);
  }

  boolean writable(@Nullable Http2Stream stream) {
    return stream == null ? channel.isWritable() : encoder().flowController().isWritable(stream);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void reset(Http2Stream stream, Http2Error error) {
    if (channel.isActive() && fault == null) {
      ChannelHandlerContext ctx = ctx();
      encoder().writeRstStream(ctx, stream.id(), error.code(), ctx.newPromise());
      flushSoon();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void ping() {
    if (!pinging && channel.isActive()) {
      pinging = true;
      ChannelHandlerContext ctx = ctx();
      encoder().writePing(ctx, false, 0, ctx.newPromise());
      flushSoon();
    }
  }

  /** A time limit of one exchange begins, in ns from now. */
  void limit(long nanos) {
    exchanges.limit(nanos);
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

  // What the peer says.

  /** How many streams the peer takes. */
  void settled() {
    settled = true;
    slots.limit(connection().local().maxActiveStreams());
    if (exchanges.isEmpty()) {
      idle.arm(idleNanos);
    } else {
      idle.disarm();
    }
    owner.settled();
  }

  void ponged() {
    pinging = false;
    exchanges.all().forEach(H2Exchange::alive);
  }

  /** The peer takes no more streams, and did not look at those above one. */
  void goneAway(int lastStream, long code) {
    slots.retire();
    LinkException cause = failures.goneAway(code);
    for (H2Exchange exchange : exchanges.all()) {
      if (exchange.id() > lastStream) {
        exchange.refused(cause);
      }
    }
    closeIfSpent();
  }

  // What the pipeline says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    codec.credit().begin();
    idle.arm(settleNanos);
    flushSoon();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    reading = true;
    super.channelRead(ctx, msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // The bridge behind has nothing to do with it.
    reading = false;
    discardSomeReadBytes();
    boolean scheduled = flushing;
    flushing = true;
    attachArriving();
    flushing = scheduled;
    flush(ctx);
  }

  private void attachArriving() {
    for (int i = arriving.size(); i > 0; i--) {
      ClientHttpLink next = arriving.poll();
      if (next != null) {
        attachNow(next);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    slots.retire();
    exchanges.stop();
    idle.stop();
    reading = false;
    super.channelInactive(ctx);
    attachArriving();
    LinkException why = fault;
    // Those without a stream.
    for (H2Exchange exchange : exchanges.all()) {
      ended(exchange);
    }
    owner.closed(why == null ? failures.closed() : why);
  }

  /** A stream ended, which may have been waited for. */
  void streamClosed() {
    if (!reading && !arriving.isEmpty()) {
      channel.eventLoop().execute(this::attachArriving);
    }
  }

  /** The stream of an exchange ended. */
  void ended(H2Exchange exchange) {
    LinkException why = fault;
    if (why == null) {
      exchange.gone();
    } else {
      exchange.broken(why);
    }
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    Http2Stream stream = connection().stream(error.streamId());
    H2Exchange exchange = stream == null ? null : stream.getProperty(codec.occupants());
    if (exchange != null) {
      exchange.broken(FailureMapping.map(error, failures.target()));
    }
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    LinkException why = FailureMapping.map(error == null ? cause : error, failures.target());
    slots.retire();
    if (fault == null) {
      fault = why;
    }
    super.onConnectionError(ctx, outbound, cause, error);
    ctx.flush();
    end(why);
  }

  /** The peer owes the answer to a PING for too long. */
  void silent() {
    slots.retire();
    fault = failures.silent();
    end(fault);
  }

  private void end(LinkException why) {
    for (H2Exchange exchange : exchanges.all()) {
      exchange.broken(why);
    }
    Channels.close(channel);
  }
}
