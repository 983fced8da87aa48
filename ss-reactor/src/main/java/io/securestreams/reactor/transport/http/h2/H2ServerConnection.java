package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.transport.http.server.ServerConnections;
import io.securestreams.reactor.transport.http.server.ServerExit;
import io.securestreams.reactor.transport.http.server.ServerListening;
import io.securestreams.reactor.transport.http.server.ServerMultiplexedHead;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client's h2 connection: each of its streams is a link of its own, the connection is none. */
final class H2ServerConnection extends H2Endpoint<H2ServerStream>
    implements ServerConnections.Member {

  private final ServerListening listening;
  private final Deadline deadline;
  private final long limitNanos;

  /** Runs while there is no stream. */
  private final Deadline idle;

  private final long idleNanos;

  private boolean settled;
  private boolean leaving;
  private boolean left;

  H2ServerConnection(H2Codec codec, Channel channel, ServerListening listening) {
    super(codec, channel);
    this.listening = listening;
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.limitNanos = listening.settings().servers().head().toNanos();
    this.idle = new Deadline(channel.eventLoop(), this::idled);
    this.idleNanos = listening.settings().servers().idle().toNanos();
  }

  // What the peer says.

  @Override
  void opened(Http2Stream stream, Http2Headers headers, boolean last) throws Http2Exception {
    ServerMultiplexedHead head = new ServerMultiplexedHead(headers);
    Optional<String> flaw = head.flaw(listening.plan().upgrades());
    if (flaw.isPresent()) {
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, "a request that %s", flaw.get());
    }
    H2ServerStream occupant = new H2ServerStream(this, listening, stream, head);
    occupy(stream, occupant);
    occupants().add(occupant);
    idle.disarm();
    occupant.begin(head, last);
  }

  @Override
  void settled() {
    if (!settled) {
      settled = true;
      deadline.disarm();
      if (occupants().isEmpty()) {
        idle.arm(idleNanos);
      }
    }
  }

  @Override
  void ponged() {
    // The peer has read that we leave: what it asked before is known.
    if (leaving && !left) {
      writeGoAway(connection().remote().lastStreamCreated());
      left = true;
      closeIfSpent();
    }
  }

  @Override
  void goneAway(int lastStream, long code) {
    leaving = true;
    left = true;
    if (!isReading()) {
      closeIfSpent();
    }
  }

  @Override
  void streamClosed() {
    // Its occupant leaves.
  }

  /** A stream is over. */
  void left(H2ServerStream occupant) {
    if (occupants().remove(occupant) && occupants().isEmpty() && channel().isActive()) {
      idle.arm(idleNanos);
    }
    closeIfSpent();
  }

  // Ends.

  @Override
  public void leave() {
    Channels.run(channel(), this::leaveNow);
  }

  /**
   * Announces the end, and ends once the peer knows of it: what it asks meanwhile is served.
   * Source: RFC 9113 section 6.8.
   */
  private void leaveNow() {
    if (leaving || !channel().isActive()) {
      return;
    }
    leaving = true;
    writeGoAway(Integer.MAX_VALUE);
    writePing();
    deadline.arm(limitNanos);
  }

  private void idled() {
    if (!leaving) {
      ServerExit.idle(listening, channel());
      leaveNow();
    }
  }

  private void closeIfSpent() {
    if (left && occupants().isEmpty() && channel().isActive()) {
      // Behind what is written, and behind the codec's own work on the last stream.
      channel().eventLoop().execute(this::closeSpent);
    }
  }

  private void closeSpent() {
    if (occupants().isEmpty() && channel().isActive()) {
      flushNow();
      channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void expired() {
    if (leaving) {
      // Nobody answers the PING: who asks for more asks in vain.
      ponged();
    } else {
      Channels.close(channel());
    }
  }

  // What the pipeline says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    if (!settled) {
      deadline.arm(limitNanos);
    }
    listening.connections().add(this);
  }

  @Override
  void batchRead() {
    closeIfSpent();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      Channels.close(channel());
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    listening.connections().remove(this);
    deadline.stop();
    idle.stop();
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
    H2ServerStream occupant = occupant(error.streamId());
    if (occupant != null) {
      occupant.broken(FailureKind.PROTOCOL, "broke a rule: " + error.getMessage());
    }
    try {
      guard().provoked();
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
    ServerExit.failed(listening.plan().streamType(), channel(), error == null ? cause : error);
    for (H2ServerStream occupant : occupants().all()) {
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
    Channels.close(channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ServerExit.failed(listening.plan().streamType(), channel(), cause);
    if (cause instanceof LinkException limit) {
      occupants().all().forEach(occupant -> occupant.broken(limit));
    }
    Channels.close(channel());
  }
}
