package io.securestreams.reactor.transport.ws;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.Trait;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.HeadObserver;
import io.securestreams.reactor.transport.http.ResponseHead;
import java.time.Clock;
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

/** One WebSocket of a client, as the stream sees it: calls from any thread, signals from one. */
final class ClientWsLink implements Link, Dialer.Caller {

  private final Dialer dialer;
  private final TransportSettings settings;
  private final Clock clock;
  private final WsPlan plan;
  private final LinkObserver observer;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Queue<TxPiece> pieces = Queues.<TxPiece>unboundedMultiproducer().get();

  /** What waits until the signal of the moment is told. */
  private final Queue<LinkSignal> signals = new ArrayDeque<>(2);

  @Nullable private volatile Disposable dial;
  @Nullable private volatile ClientWsConnection connection;
  private volatile boolean closed;
  private ConnectionTimings timings = ConnectionTimings.NONE;
  private boolean signalling;
  private boolean finished;

  ClientWsLink(
      Dialer dialer, TransportSettings settings, Clock clock, WsPlan plan, LinkObserver observer) {
    this.dialer = dialer;
    this.settings = settings;
    this.clock = clock;
    this.plan = plan;
    this.observer = observer;
  }

  WsPlan plan() {
    return plan;
  }

  TransportSettings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  /** The next piece that another thread gave. On the event loop. */
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

  @Override
  public void start() {
    if (closed) {
      return;
    }
    Disposable attempt = dialer.dial(plan.target(), Alpn.HTTP_1_1, this);
    dial = attempt;
    if (closed) {
      attempt.dispose();
    }
  }

  @Override
  public void timed(ConnectionTimings taken) {
    timings = taken;
  }

  /** The upgrade took so many microseconds. */
  void upgraded(long micros) {
    timings = timings.answered(micros, OptionalInt.empty());
  }

  @Override
  public void connected(Channel channel) {
    if (closed) {
      Channels.close(channel);
      return;
    }
    ClientWsHandshake handshake;
    try {
      handshake = new ClientWsHandshake(plan, settings);
    } catch (IllegalArgumentException e) {
      Channels.close(channel);
      failed(
          new LinkException(
              FailureKind.PLAN,
              "the request of stream type \"" + plan.streamType() + "\" cannot be sent",
              plan.target().toString(),
              e));
      return;
    }
    ClientWsConnection next = new ClientWsConnection(this, channel, handshake);
    connection = next;
    if (closed) {
      Channels.close(channel);
      return;
    }
    next.install();
  }

  @Override
  public void failed(LinkException cause) {
    finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  @Override
  public void request(long frames) {
    long before = requested.getAndAccumulate(frames, Operators::addCap);
    ClientWsConnection current = connection;
    if (before == Long.MAX_VALUE || current == null) {
      return;
    }
    EventLoop loop = current.loop();
    if (loop.inEventLoop()) {
      current.credited();
    } else {
      loop.execute(current::credited);
    }
  }

  @Override
  public void send(TxPiece piece) {
    ClientWsConnection current = connection;
    if (closed || current == null) {
      return;
    }
    if (current.loop().inEventLoop()) {
      current.send(piece);
      return;
    }
    pieces.offer(piece);
    if (sending.compareAndSet(false, true)) {
      current
          .loop()
          .execute(
              () -> {
                sending.set(false);
                current.drain();
              });
    }
  }

  @Override
  public void ping() {
    ClientWsConnection current = connection;
    if (current != null) {
      current.loop().execute(current::ping);
    }
  }

  @Override
  public void close(LinkClose how) {
    closed = true;
    Disposable attempt = dial;
    if (attempt != null) {
      attempt.dispose();
    }
    ClientWsConnection current = connection;
    if (current == null) {
      return;
    }
    if (current.loop().inEventLoop()) {
      current.close(how);
    } else {
      current.loop().execute(() -> current.close(how));
    }
  }

  @Override
  public Optional<String> peer() {
    ClientWsConnection current = connection;
    return current == null ? Optional.empty() : Channels.peer(current.channel());
  }

  /** Shows the head of the answer, if the observer looks at heads. */
  void show(ResponseHead head) {
    if (!closed) {
      HeadObserver.show(observer, head);
    }
  }

  /** Tells a signal; one that arises while another is told waits for it. */
  void emit(LinkSignal signal) {
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

  void finish(LinkSignal last) {
    if (plan.traits().contains(Trait.PERF)) {
      emit(new LinkSignal.Timed(timings));
    }
    emit(last);
    finished = true;
  }
}
