package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.securestreams.reactor.transport.server.LimitText;
import java.time.Duration;

/**
 * What goes to a client on one stream of many, which has to take some of it in time: the client may
 * open no window for it, or not read at all. On the event loop only.
 */
final class ServerOutflow {

  /** So much counts as something: a piece is not taken before its last byte. */
  static final int PART = 64 * 1024;

  private final ServerCarrier carrier;
  private final Duration stall;
  private final ChannelFutureListener partTaken = this::taken;
  private int waiting;
  private boolean watching = true;

  /**
   * An outflow that nothing was given to.
   *
   * @param carrier the stream
   * @param stall how long the client may take nothing
   */
  ServerOutflow(ServerCarrier carrier, Duration stall) {
    this.carrier = carrier;
    this.stall = stall;
  }

  /**
   * Writes a piece, without a flush.
   *
   * @param piece is released
   * @param last nothing follows
   * @param written told when all of it was taken, or nothing more will be
   */
  void give(ByteBuf piece, boolean last, ChannelFutureListener written) {
    if (waiting == 0) {
      watch();
    }
    while (piece.readableBytes() > PART) {
      waiting++;
      carrier.piece(piece.readRetainedSlice(PART), false, partTaken);
    }
    waiting++;
    carrier.piece(
        piece,
        last,
        sent -> {
          taken(sent);
          written.operationComplete(sent);
        });
  }

  private void taken(ChannelFuture sent) {
    waiting--;
    if (waiting > 0 && sent.isSuccess()) {
      watch();
    }
  }

  private void watch() {
    if (watching) {
      carrier.limit(stall.toNanos());
    }
  }

  /** True if it is the client's turn: the time limit of the stream is for it. */
  boolean isWaiting() {
    return waiting > 0;
  }

  /** The time limit of the stream is for something else from now on. */
  void ignore() {
    watching = false;
  }

  /** Why it is over, as one clause of "Client", if time passes while it waits. */
  String reason() {
    return "takes nothing on its stream for longer than " + LimitText.of("stall", stall);
  }
}
