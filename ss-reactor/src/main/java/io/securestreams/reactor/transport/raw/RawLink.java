package io.securestreams.reactor.transport.raw;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.Trait;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/** One byte stream, as the stream sees it: calls from any thread, signals from one. */
final class RawLink implements Link, Dialer.Caller {

  private final Dialer dialer;
  private final RawPlan plan;
  private final LinkObserver observer;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Queue<TxPiece> pieces = Queues.<TxPiece>unboundedMultiproducer().get();

  /** What waits until the signal of the moment is told. */
  private final Queue<LinkSignal> signals = new ArrayDeque<>(2);

  @Nullable private volatile Disposable dial;
  @Nullable private volatile RawConnection connection;
  private volatile boolean closed;
  private ConnectionTimings timings = ConnectionTimings.NONE;
  private boolean signalling;

  RawLink(Dialer dialer, RawPlan plan, LinkObserver observer) {
    this.dialer = dialer;
    this.plan = plan;
    this.observer = observer;
  }

  @Override
  public void start() {
    if (closed) {
      return;
    }
    Disposable attempt = dialer.dial(plan.target(), Alpn.NOTHING, this);
    dial = attempt;
    if (closed) {
      attempt.dispose();
    }
  }

  @Override
  public void timed(ConnectionTimings taken) {
    timings = taken;
  }

  @Override
  public void connected(Channel channel) {
    RawConnection next = new RawConnection(this, channel);
    connection = next;
    if (closed) {
      Channels.close(channel);
    } else {
      next.install();
    }
  }

  @Override
  public void failed(LinkException cause) {
    finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  @Override
  public void request(long frames) {
    long before = requested.getAndAccumulate(frames, Operators::addCap);
    RawConnection current = connection;
    if (before != Long.MAX_VALUE && current != null) {
      onLoop(current, current::credited);
    }
  }

  @Override
  public void send(TxPiece piece) {
    RawConnection current = connection;
    if (closed || current == null) {
      return;
    }
    pieces.offer(piece);
    if (current.loop().inEventLoop()) {
      current.drain();
    } else if (sending.compareAndSet(false, true)) {
      current
          .loop()
          .execute(
              () -> {
                sending.set(false);
                current.drain();
              });
    }
  }

  /** A byte stream proves nothing. */
  @Override
  public void ping() {}

  @Override
  public void close(LinkClose how) {
    closed = true;
    Disposable attempt = dial;
    if (attempt != null) {
      attempt.dispose();
    }
    RawConnection current = connection;
    if (current != null) {
      onLoop(current, () -> current.close(how));
    }
  }

  @Override
  public Optional<String> peer() {
    return Optional.ofNullable(connection).map(RawConnection::channel).flatMap(Channels::peer);
  }

  private static void onLoop(RawConnection current, Runnable task) {
    EventLoop loop = current.loop();
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  // For the connection, on its event loop.

  Target target() {
    return plan.target();
  }

  /** The next piece to be sent. */
  @Nullable TxPiece nextPiece() {
    return pieces.poll();
  }

  /** Frames that were ever allowed. */
  long requested() {
    return requested.get();
  }

  boolean closed() {
    return closed;
  }

  /** Tells the last signal, and before it how long the connection took. */
  void finish(LinkSignal last) {
    if (plan.traits().contains(Trait.PERF)) {
      emit(new LinkSignal.Timed(timings));
    }
    emit(last);
  }

  /** Tells a signal; one that arises while another is told waits for it. */
  void emit(LinkSignal signal) {
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
