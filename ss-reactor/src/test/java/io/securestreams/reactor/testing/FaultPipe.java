package io.securestreams.reactor.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.reactor.testing.Fault.Direction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** One direction of a connection through a {@link FaultProxy}; both are on one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be done on a closed channel is done.
final class FaultPipe extends ChannelInboundHandlerAdapter {

  private static final int OPEN_END = Integer.MAX_VALUE;

  private final SocketChannel source;
  private final SocketChannel target;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final IntConsumer counter;
  private final Runnable onEnd;

  private byte[] waiting = {};
  private int passed;
  private int drips;
  private boolean held;
  private boolean ended;
  private boolean gone;

  private FaultPipe(
      SocketChannel source,
      SocketChannel target,
      List<Fault> faults,
      IntConsumer counter,
      Runnable onEnd) {
    this.source = source;
    this.target = target;
    this.counter = counter;
    this.onEnd = onEnd;
    faults.stream().sorted(Comparator.comparingInt(Fault::at)).forEach(this.faults::add);
  }

  /**
   * Joins two sockets by pipes in both directions.
   *
   * @param answered told how many bytes went to the client
   * @param left told once that the client sends nothing more
   */
  static void join(
      SocketChannel client,
      SocketChannel server,
      List<Fault> faults,
      IntConsumer answered,
      Runnable left) {
    client
        .pipeline()
        .addLast(new FaultPipe(client, server, to(Direction.REQUEST, faults), n -> {}, left));
    server
        .pipeline()
        .addLast(new FaultPipe(server, client, to(Direction.ANSWER, faults), answered, () -> {}));
  }

  private static List<Fault> to(Direction direction, List<Fault> faults) {
    return faults.stream().filter(fault -> fault.direction() == direction).toList();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    byte[] bytes = ByteBufUtil.getBytes((ByteBuf) message);
    ReferenceCountUtil.release(message);
    int before = waiting.length;
    waiting = Arrays.copyOf(waiting, before + bytes.length);
    System.arraycopy(bytes, 0, waiting, before, bytes.length);
    go();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ended();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended();
  }

  private void ended() {
    if (!ended) {
      ended = true;
      onEnd.run();
    }
    go();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A reset goes on to the other end.
    reset();
  }

  /** Lets bytes go until a fault holds them. */
  private void go() {
    while (!held && !gone) {
      Fault next = faults.peek();
      int well = next == null ? OPEN_END : Math.max(0, next.at() - passed);
      int count = Math.min(well, waiting.length);
      if (drips > 0 && count > 0) {
        drips--;
        pass(1);
        hold(1);
      } else if (count > 0) {
        pass(count);
      } else if (next != null && well == 0 && (waiting.length > 0 || next.at() == 0 || ended)) {
        faults.remove();
        happen(next);
      } else {
        break;
      }
    }
    if (ended && !held && !gone && waiting.length == 0) {
      end();
    }
  }

  private void pass(int count) {
    counter.accept(count);
    target.writeAndFlush(Unpooled.wrappedBuffer(Arrays.copyOf(waiting, count)));
    waiting = Arrays.copyOfRange(waiting, count, waiting.length);
    passed += count;
  }

  private void hold(int ms) {
    held = true;
    source
        .eventLoop()
        .schedule(
            () -> {
              held = false;
              go();
            },
            ms,
            TimeUnit.MILLISECONDS);
  }

  private void happen(Fault fault) {
    switch (fault.kind()) {
      case DELAY -> hold(fault.extent());
      case DRIP -> drips = fault.extent();
      case STALL -> held = true;
      case RESET -> reset();
      case HALF_CLOSE -> end();
      case CUT -> {
        gone = true;
        target.close();
        source.close();
      }
      case CORRUPT -> {
        if (waiting.length > 0) {
          waiting[0] ^= (byte) fault.extent();
        }
      }
      case DROP, DUPLICATE, REORDER, CLOSED_PORT ->
          throw new IllegalArgumentException("there are no datagrams: " + fault);
    }
  }

  /** No more goes this way; when no more goes either way, the connection is closed. */
  private void end() {
    gone = true;
    waiting = new byte[0];
    if (target.isActive() && !target.isOutputShutdown()) {
      target.shutdownOutput();
    }
    if (!source.isActive() || source.isOutputShutdown()) {
      source.close();
      target.close();
    }
  }

  private void reset() {
    gone = true;
    for (SocketChannel channel : List.of(source, target)) {
      if (channel.isActive()) {
        channel.config().setSoLinger(0);
      }
      channel.close();
    }
  }
}
