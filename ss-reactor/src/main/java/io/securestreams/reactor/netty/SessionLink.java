package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.Trait;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * A client's link with a connection of its own, from the dial to the end: calls from any thread,
 * signals from one.
 *
 * @param <P> what the connection is for
 */
public abstract class SessionLink<P extends ClientPlan> implements Link, Dialer.Caller {

  private final Dialer dialer;
  private final Target target;
  private final Alpn alpn;
  private final P plan;
  private final LinkObserver observer;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Queue<TxPiece> pieces = Queues.<TxPiece>unboundedMultiproducer().get();

  /** What waits until the signal of the moment is told. */
  private final Queue<LinkSignal> signals = new ArrayDeque<>(2);

  @Nullable private volatile Disposable dial;
  @Nullable private volatile Session session;
  private volatile boolean closed;
  private ConnectionTimings timings = ConnectionTimings.NONE;
  private boolean signalling;
  private boolean finished;

  /**
   * A link that has not begun.
   *
   * @param dialer opens the connection
   * @param target where to
   * @param alpn offered where the connection is secured
   * @param plan what it is for
   * @param observer told everything that happens
   */
  protected SessionLink(Dialer dialer, Target target, Alpn alpn, P plan, LinkObserver observer) {
    this.dialer = dialer;
    this.target = target;
    this.alpn = alpn;
    this.plan = plan;
    this.observer = observer;
  }

  /** What is spoken on the connection. Its methods are called on the event loop. */
  public interface Session {

    /** The connection; any thread. */
    Channel channel();

    /** Begins to speak. */
    void install();

    /** There is more credit than before. */
    void credited();

    /** Sends a piece, after those that {@link SessionLink#nextPiece} still gives. */
    void send(TxPiece piece);

    /** Sends what {@link SessionLink#nextPiece} gives. */
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

  /**
   * Makes what will be spoken; nothing is written yet.
   *
   * @throws LinkException if there is nothing that can be said
   */
  protected abstract Session session(Channel channel);

  @Override
  public final void start() {
    if (closed) {
      return;
    }
    Disposable attempt = dialer.dial(target, alpn, this);
    dial = attempt;
    if (closed) {
      attempt.dispose();
    }
  }

  @Override
  public final void timed(ConnectionTimings taken) {
    timings = taken;
  }

  @Override
  public final void connected(Channel channel) {
    if (closed) {
      Channels.close(channel);
      return;
    }
    Session next;
    try {
      next = session(channel);
    } catch (LinkException e) {
      Channels.close(channel);
      failed(e);
      return;
    }
    session = next;
    if (closed) {
      Channels.close(channel);
    } else {
      next.install();
    }
  }

  @Override
  public final void failed(LinkException cause) {
    finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
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
  public final void close(LinkClose how) {
    closed = true;
    Disposable attempt = dial;
    if (attempt != null) {
      attempt.dispose();
    }
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

  /** Where to. */
  public final Target target() {
    return target;
  }

  /** What the connection is for. */
  public final P plan() {
    return plan;
  }

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
  protected final LinkObserver observer() {
    return observer;
  }

  /** True if nothing is to be told any more. */
  protected final boolean isClosed() {
    return closed;
  }

  /**
   * The peer agreed to what the connection is for.
   *
   * @param micros how long that took
   */
  public final void answered(long micros) {
    timings = timings.answered(micros, OptionalInt.empty());
  }

  /** Tells the last signal, and before it how long the connection took, if that is asked for. */
  public final void finish(LinkSignal last) {
    if (plan.traits().contains(Trait.PERF)) {
      emit(new LinkSignal.Timed(timings));
    }
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
        observer.signal(next);
      }
    } finally {
      signalling = false;
    }
  }
}
