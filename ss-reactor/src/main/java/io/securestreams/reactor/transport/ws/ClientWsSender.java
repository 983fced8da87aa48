package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.securestreams.core.event.Payload;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a client's WebSocket. Frames are built one behind the other into one buffer,
 * which leaves in one write: at once, or while something is being read, when that is done.
 */
final class ClientWsSender implements ChannelFutureListener {

  private static final int BATCH = 16 * 1024;

  private final ClientWsLink link;
  private final Channel channel;
  private final int opcode;
  private final Queue<TxPiece> waiting;

  /** Pieces in each write that is under way, the oldest first. */
  private final ArrayDeque<Integer> underWay = new ArrayDeque<>();

  @Nullable private ByteBuf batch;
  private int batched;
  private boolean held;
  private boolean unflushed;
  private boolean stopped;
  private byte @Nullable [] owedPong;

  ClientWsSender(ClientWsLink link, Channel channel) {
    this.link = link;
    this.channel = channel;
    this.opcode =
        link.plan().frames() == WsSettings.Frames.BINARY
            ? ClientWsReader.BINARY
            : ClientWsReader.TEXT;
    this.waiting = link.pieces();
  }

  /** Collects until {@link #flush()}. */
  void hold() {
    held = true;
  }

  void send(TxPiece piece) {
    if (stopped) {
      return;
    }
    if (waiting.isEmpty() && channel.isWritable()) {
      append(piece);
    } else {
      waiting.offer(piece);
    }
    if (!held) {
      flush();
    }
  }

  /** Writes what waits, as far as the socket takes it. */
  void drain() {
    if (!held) {
      flush();
    }
  }

  /** Ends the collecting. */
  void flush() {
    held = false;
    while (!stopped && channel.isWritable()) {
      TxPiece piece = waiting.poll();
      if (piece == null) {
        break;
      }
      append(piece);
    }
    if (owedPong != null && channel.isWritable()) {
      byte[] owed = owedPong;
      owedPong = null;
      control(ClientWsReader.PONG, Payload.wrap(owed));
    }
    write();
    if (unflushed) {
      unflushed = false;
      channel.flush();
    }
  }

  void ping() {
    control(ClientWsReader.PING, Payload.empty());
    drain();
  }

  /** Answers a ping; of many that the peer does not take answers to, the last. */
  void pong(byte[] payload) {
    if (channel.isWritable()) {
      control(ClientWsReader.PONG, Payload.wrap(payload));
      drain();
    } else {
      owedPong = payload;
    }
  }

  /** Says goodbye; nothing is sent afterwards. */
  void close(int code, String reason) {
    if (!stopped) {
      write();
      unflushed = true;
      put(ClientWsFrames.close(channel.alloc(), code, reason));
      flush();
      stop();
    }
  }

  /** Forgets what is not written. */
  void stop() {
    stopped = true;
    owedPong = null;
    waiting.clear();
    ByteBuf rest = batch;
    if (rest != null) {
      batch = null;
      rest.release();
    }
  }

  private void control(int code, Payload payload) {
    if (!stopped) {
      write();
      unflushed = true;
      put(ClientWsFrames.control(channel.alloc(), code, payload));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void put(ByteBuf frame) {
    channel.write(frame);
  }

  private void append(TxPiece piece) {
    int room = ClientWsFrames.room(piece.payload());
    ByteBuf out = batch;
    if (out != null && out.writableBytes() < room) {
      write();
      out = null;
    }
    if (out == null) {
      boolean more = held || !waiting.isEmpty();
      out = channel.alloc().ioBuffer(more ? Math.max(room, BATCH) : room);
      batch = out;
    }
    batched++;
    ClientWsFrames.frame(
        out,
        piece.flags().som() ? opcode : ClientWsReader.CONTINUATION,
        piece.flags().eom(),
        piece.payload());
  }

  private void write() {
    ByteBuf out = batch;
    if (out != null) {
      batch = null;
      underWay.add(batched);
      batched = 0;
      unflushed = true;
      channel.write(out).addListener(this);
    }
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    int pieces = underWay.remove();
    if (future.isSuccess()) {
      link.emit(pieces == 1 ? LinkSignal.Written.ONE : new LinkSignal.Written(pieces));
    }
    // The end of the connection is told by itself.
  }
}
