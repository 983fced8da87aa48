package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * A link with a connection of its own, whoever opened that: calls from any thread, signals from
 * one.
 */
public abstract class ConnectionLink implements Link {

  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Queue<TxPiece> pieces = Queues.<TxPiece>unboundedMultiproducer().get();

  /** What waits until the signal of the moment is told. */
  private final Queue<LinkSignal> signals = new ArrayDeque<>(2);

  @Nullable private volatile Session session;
  private volatile boolean closed;
  private boolean signalling;
  private boolean finished;

  /** What is spoken on the connection. Its methods are called on the event loop. */
  public interface Session {

    /** The connection; any thread. */
    Channel channel();

    /** Begins to speak. */
    void install();

    /** There is more credit than before. */
    void credited();

    /** Sends a piece, after those that {@link ConnectionLink#nextPiece} still gives. */
    void send(TxPiece piece);

    /** Sends what {@link ConnectionLink#nextPiece} gives. */
    void drain();

    /** Asks the peer for a sign of life, if the protocol has one. */
    void ping();

    /**
     * Closes; the link is told nothing more.
     *
     * @param how whether what was given is still sent
     */
    void close(LinkClose how);
  }

  @Override
  public final void request(long frames) {
    long before = requested.getAndAccumulate(frames, Operators::addCap);
    Session current = session;
    if (before != Long.MAX_VALUE && current != null) {
      onLoop(current, current::credited);
    }
  }

  @Override
  public final void send(TxPiece piece) {
    Session current = session;
    if (closed || current == null) {
      return;
    }
    EventLoop loop = current.channel().eventLoop();
    if (loop.inEventLoop()) {
      current.send(piece);
      return;
    }
    pieces.offer(piece);
    if (sending.compareAndSet(false, true)) {
      loop.execute(
          () -> {
            sending.set(false);
            current.drain();
          });
    }
  }

  @Override
  public final void ping() {
    Session current = session;
    if (current != null) {
      current.channel().eventLoop().execute(current::ping);
    }
  }

  @Override
  public void close(LinkClose how) {
    closed = true;
    Session current = session;
    if (current != null) {
      onLoop(current, () -> current.close(how));
    }
  }

  @Override
  public final Optional<String> peer() {
    return Optional.ofNullable(session).map(Session::channel).flatMap(Channels::peer);
  }

  private static void onLoop(Session current, Runnable task) {
    EventLoop loop = current.channel().eventLoop();
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  // For the session, on its event loop.

  /** The next piece that another thread gave. */
  @Nullable
  public final TxPiece nextPiece() {
    return pieces.poll();
  }

  /** Frames that were ever allowed. */
  public final long requested() {
    return requested.get();
  }

  /** Who is told what happens. */
  protected abstract LinkObserver observer();

  /** True if nothing is to be told any more. */
  protected final boolean isClosed() {
    return closed;
  }

  /**
   * From here on, this is spoken; it is installed by the caller.
   *
   * @param next on a connection that is there
   */
  protected final void speaks(Session next) {
    session = next;
  }

  /** Tells the last signal. */
  public void finish(LinkSignal last) {
    emit(last);
    finished = true;
  }

  /** Tells a signal; one that arises while another is told waits for it. */
  public final void emit(LinkSignal signal) {
    if (finished) {
      return;
    }
    if (signalling) {
      signals.add(signal);
      return;
    }
    signalling = true;
    try {
      for (LinkSignal next = signal; next != null && !closed; next = signals.poll()) {
        observer().signal(next);
      }
    } finally {
      signalling = false;
    }
  }
}
