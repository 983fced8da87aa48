package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a transaction: head and body, at the peer's pace. Only {@link #offer} may be
 * called from outside the event loop.
 */
final class ClientRequest implements ChannelFutureListener {

  private static final Set<HttpMethod> SAFE_TO_REPEAT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private static final Set<HttpMethod> MEANT_TO_HAVE_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  /** How long the head waits for the body's first piece, to leave in one write with it. */
  private static final long HEAD_ALONE_AFTER_MS = 20;

  private final ClientHttpLink link;
  private final BodyPlan body;
  private final HttpMethod method;
  private final String path;
  private final HttpHeaders headers;
  private final Queue<TxPiece> pieces;

  @Nullable private Channel channel;
  private boolean headSent;
  private boolean complete;
  private boolean stopped;
  private long bytes;
  private int unwritten;

  /**
   * Prepares the request.
   *
   * @throws IllegalArgumentException if the plan holds something that cannot be sent
   */
  ClientRequest(ClientHttpLink link, HttpPlan plan) {
    this.link = link;
    this.body = plan.body();
    this.method = HttpMethod.valueOf(plan.method());
    this.path = plan.path();
    this.headers = ClientHeads.request(plan);
    this.pieces = new ConcurrentLinkedQueue<>();
    switch (body.kind()) {
      case LENGTH -> headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length());
      case CHUNKED -> headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      case NONE -> {
        if (MEANT_TO_HAVE_BODY.contains(method)) {
          headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
      }
    }
  }

  boolean head() {
    return HttpMethod.HEAD.equals(method);
  }

  boolean bodiless() {
    return body.kind() == BodyPlan.Kind.NONE;
  }

  /** True if the peer may see the request twice. */
  boolean repeatable() {
    return bodiless() && SAFE_TO_REPEAT.contains(method);
  }

  /** True if something of the request may have left. */
  boolean begun() {
    return headSent;
  }

  /** True if all of the request was handed to the connection. */
  boolean complete() {
    return complete;
  }

  /** True if written bytes, or an answer, are waited for; false if the application is. */
  boolean waitsForPeer() {
    return complete || unwritten > 0;
  }

  /** Begins, maybe again, on a connection. */
  void start(Channel on) {
    channel = on;
    if (bodiless()) {
      complete = true;
      headSent = true;
      on.writeAndFlush(whole(Unpooled.EMPTY_BUFFER)).addListener(this);
    }
  }

  /** The link said that it takes pieces. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void ready(Channel on) {
    drain();
    if (!headSent && !stopped) {
      on.eventLoop().schedule(this::headAlone, HEAD_ALONE_AFTER_MS, TimeUnit.MILLISECONDS);
    }
  }

  void offer(TxPiece piece) {
    pieces.offer(piece);
  }

  /** Sends nothing more. */
  void stop() {
    stopped = true;
    pieces.clear();
  }

  private void headAlone() {
    Channel on = channel;
    if (!headSent && !stopped && on != null && on.isActive()) {
      sendHead(on);
      on.flush();
    }
  }

  /** Writes what waits, as far as the socket takes it. */
  void drain() {
    Channel on = channel;
    if (on == null || bodiless()) {
      return;
    }
    boolean flush = false;
    while (!stopped && on.isWritable()) {
      TxPiece piece = pieces.poll();
      if (piece == null) {
        break;
      }
      if (!accept(piece)) {
        return;
      }
      write(on, piece);
      flush = true;
    }
    if (flush) {
      on.flush();
    }
  }

  private boolean accept(TxPiece piece) {
    if (complete) {
      link.unusable("a piece follows the end of the body");
      return false;
    }
    long total = bytes + piece.payload().size();
    boolean end = piece.flags().eom();
    if (body.kind() == BodyPlan.Kind.LENGTH
        && (total > body.length() || (end && total < body.length()))) {
      link.unusable(
          "the body has "
              + (end ? total + " bytes" : "more than " + body.length() + " bytes")
              + ", announced were "
              + body.length());
      return false;
    }
    bytes = total;
    complete = end;
    return true;
  }

  private void write(Channel on, TxPiece piece) {
    Payload payload = piece.payload();
    unwritten++;
    if (complete && !headSent) {
      headSent = true;
      on.write(whole(Payloads.buffer(on.alloc(), payload))).addListener(this);
      return;
    }
    if (!headSent) {
      sendHead(on);
    }
    ByteBuf content = Payloads.buffer(on.alloc(), payload);
    on.write(complete ? new DefaultLastHttpContent(content) : new DefaultHttpContent(content))
        .addListener(this);
  }

  private void sendHead(Channel on) {
    headSent = true;
    on.write(new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path, headers))
        .addListener(FIRE_EXCEPTION_ON_FAILURE);
  }

  private DefaultFullHttpRequest whole(ByteBuf content) {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, method, path, content, headers, EmptyHttpHeaders.INSTANCE);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    if (future.channel() != channel) {
      return;
    }
    Throwable cause = future.cause();
    if (cause != null) {
      link.notWritten(cause);
      return;
    }
    if (!bodiless()) {
      unwritten--;
      link.written();
    }
  }
}
