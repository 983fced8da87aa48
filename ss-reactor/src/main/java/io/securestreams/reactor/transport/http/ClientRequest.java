package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.Trait;
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

  private static final Set<String> SAFE_TO_REPEAT =
      Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  /** How long the head waits for the body's first piece, to leave in one write with it. */
  private static final long HEAD_ALONE_AFTER_MS = 20;

  private final ClientHttpLink link;
  private final BodyPlan body;
  private final String method;
  private final boolean longPoll;
  private final Queue<TxPiece> pieces;

  @Nullable private ClientExchange exchange;
  private boolean headSent;
  private boolean complete;
  private boolean stopped;
  private long bytes;
  private int unwritten;

  ClientRequest(ClientHttpLink link, HttpPlan plan) {
    this.link = link;
    this.body = plan.body();
    this.method = plan.method();
    this.longPoll = plan.traits().contains(Trait.LONG_POLL);
    this.pieces = new ConcurrentLinkedQueue<>();
  }

  /** True if the response may pause as long as it likes. */
  boolean longPoll() {
    return longPoll;
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
  void start(ClientExchange on) {
    exchange = on;
    if (bodiless()) {
      complete = true;
      headSent = true;
      on.whole(Unpooled.EMPTY_BUFFER, this);
      on.flush();
    }
  }

  /** The link said that it takes pieces. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void ready(ClientExchange on) {
    drain();
    if (!headSent && !stopped) {
      on.channel()
          .eventLoop()
          .schedule(this::headAlone, HEAD_ALONE_AFTER_MS, TimeUnit.MILLISECONDS);
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
    ClientExchange on = exchange;
    if (!headSent && !stopped && on != null && on.channel().isActive()) {
      sendHead(on);
      on.flush();
    }
  }

  /** Writes what waits, as far as the socket takes it. */
  void drain() {
    ClientExchange on = exchange;
    if (on == null || bodiless()) {
      return;
    }
    boolean flush = false;
    while (!stopped && on.writable()) {
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
      unusable("a piece follows the end of the body");
      return false;
    }
    long total = bytes + piece.payload().size();
    boolean end = piece.flags().eom();
    if (body.kind() == BodyPlan.Kind.LENGTH
        && (total > body.length() || (end && total < body.length()))) {
      unusable(
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

  private void unusable(String why) {
    link.broken(ClientRefusal.unusable(link.plan(), why));
  }

  private void write(ClientExchange on, TxPiece piece) {
    ByteBuf content = Payloads.buffer(on.channel().alloc(), piece.payload());
    unwritten++;
    if (complete && !headSent) {
      headSent = true;
      on.whole(content, this);
      return;
    }
    if (!headSent) {
      sendHead(on);
    }
    on.content(content, complete, this);
  }

  private void sendHead(ClientExchange on) {
    headSent = true;
    on.head(FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    ClientExchange on = exchange;
    if (on == null || future.channel() != on.channel()) {
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
