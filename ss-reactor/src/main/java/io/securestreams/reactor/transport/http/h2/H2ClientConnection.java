package io.securestreams.reactor.transport.http.h2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
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
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an h2 server and its transactions; only what {@link SharedConnection} has may be
 * called from elsewhere than its event loop.
 */
final class H2ClientConnection extends H2Endpoint<H2Exchange> implements SharedConnection {

  /** Stream ids end at 2^31; a connection that comes near takes no more. */
  private static final int LAST_STREAM = Integer.MAX_VALUE - 1000;

  private final Opening owner;
  private final H2Failures failures;
  private final Slots slots;
  private final Deadline idle;
  private final long idleNanos;
  private final long settleNanos;
  private final H2Heads heads = new H2Heads();
  private final Queue<ClientHttpLink> arriving = new ArrayDeque<>();

  @Nullable private LinkException fault;
  private boolean settled;
  private boolean kept;
  private boolean pinging;

  H2ClientConnection(
      H2Codec codec,
      ConnectionKey key,
      Channel channel,
      TransportSettings settings,
      Opening owner) {
    super(codec, channel);
    this.owner = owner;
    this.failures = new H2Failures(key.target());
    this.slots = new Slots(System.nanoTime() + settings.connectionAge().toNanos());
    this.idle = new Deadline(channel().eventLoop(), this::unused);
    this.idleNanos = settings.poolIdle().toNanos();
    this.settleNanos = settings.response().toNanos();
  }

  // For everybody.

  @Override
  public Slots slots() {
    return slots;
  }

  @Override
  public void attach(ClientHttpLink link) {
    Channels.run(channel(), () -> arrive(link));
  }

  @Override
  public void retire() {
    slots.retire();
    Channels.run(channel(), this::closeIfSpent);
  }

  // Transactions.

  private void arrive(ClientHttpLink link) {
    if (isReading()) {
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
    if (slots.most() == 0 || !channel().isActive()) {
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
    H2Exchange exchange = new H2Exchange(this, link, kept && occupants().isEmpty());
    occupants().add(exchange);
    link.attached(exchange);
  }

  /** An exchange is over. */
  void left(H2Exchange exchange) {
    if (!occupants().remove(exchange)) {
      return;
    }
    slots.give();
    if (occupants().isEmpty()) {
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
      Channels.close(channel());
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
  private void leave() {
    if (channel().isActive() && fault == null) {
      writeGoAway(0);
      flushNow();
    }
    Channels.close(channel());
  }

  // What exchanges ask for.

  H2Failures failures() {
    return failures;
  }

  H2Heads heads() {
    return heads;
  }

  /** Writes a head, which opens a stream, unless the codec refuses it. */
  @Nullable Http2Stream open(
      H2Exchange exchange, Http2Headers head, boolean last, ChannelFutureListener written) {
    int id = connection().local().incrementAndGetNextStreamId();
    writeHead(id, head, last, written);
    Http2Stream stream = connection().stream(id);
    if (stream != null) {
      occupy(stream, exchange);
    }
    return stream;
  }

  @Override
  void reset(Http2Stream stream, Http2Error error) {
    if (fault == null) {
      super.reset(stream, error);
    }
  }

  void ping() {
    if (!pinging && channel().isActive()) {
      pinging = true;
      writePing();
    }
  }

  // What the peer says.

  @Override
  void opened(Http2Stream stream, Http2Headers head, boolean last) {
    // A stream whose exchange has left is reset already.
  }

  @Override
  void settled() {
    settled = true;
    slots.limit(connection().local().maxActiveStreams());
    if (occupants().isEmpty()) {
      idle.arm(idleNanos);
    } else {
      idle.disarm();
    }
    owner.settled();
  }

  @Override
  void ponged() {
    pinging = false;
    occupants().all().forEach(H2Exchange::alive);
  }

  @Override
  void goneAway(int lastStream, long code) {
    slots.retire();
    LinkException cause = failures.goneAway(code);
    for (H2Exchange exchange : occupants().all()) {
      if (exchange.id() > lastStream) {
        exchange.refused(cause);
      }
    }
    closeIfSpent();
  }

  // What the pipeline says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    idle.arm(settleNanos);
  }

  @Override
  void batchRead() {
    attachArriving();
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
    idle.stop();
    super.channelInactive(ctx);
    attachArriving();
    LinkException why = fault;
    // Those without a stream.
    for (H2Exchange exchange : occupants().all()) {
      ended(exchange);
    }
    owner.closed(why == null ? failures.closed() : why);
  }

  @Override
  void streamClosed() {
    // It may have been waited for.
    if (!isReading() && !arriving.isEmpty()) {
      channel().eventLoop().execute(this::attachArriving);
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
    H2Exchange exchange = occupant(error.streamId());
    if (exchange != null) {
      exchange.broken(FailureMapping.map(error, failures.target()));
    }
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Of TLS, too, which the bridge behind has nobody to tell of.
    onError(ctx, false, cause);
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
    for (H2Exchange exchange : occupants().all()) {
      exchange.broken(why);
    }
    Channels.close(channel());
  }
}
