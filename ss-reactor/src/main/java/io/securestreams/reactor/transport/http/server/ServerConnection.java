package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TxPiece;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * The link of an accepted connection, for its whole life.
 *
 * <p>Commands come from any thread; they are carried out on the connection's event loop in the
 * order in which they were given, by the {@link ServerPhase} of the moment. Given on the event loop
 * itself they are carried out at once, so that signals may come before the call returns. Signals go
 * out one at a time: one that arises while another is delivered waits for it.
 */
public final class ServerConnection implements ServerLink {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerConnection.class);

  private static final AtomicIntegerFieldUpdater<ServerConnection> UNDER_WAY =
      AtomicIntegerFieldUpdater.newUpdater(ServerConnection.class, "underWay");

  private static final AtomicLongFieldUpdater<ServerConnection> CREDIT =
      AtomicLongFieldUpdater.newUpdater(ServerConnection.class, "credit");

  private static final LinkObserver NOBODY = signal -> {};

  /** Commands without arguments. */
  private enum Command {
    CREDITED,
    PING
  }

  private final Channel channel;
  private final String streamType;
  private final Queue<Object> commands = Queues.unboundedMultiproducer().get();
  private final ArrayDeque<LinkSignal> signals = new ArrayDeque<>(2);

  private ServerPhase phase;
  private LinkObserver observer = NOBODY;
  private boolean signalling;
  private boolean ended;

  @SuppressWarnings("UnusedVariable") // by its updater
  private volatile int underWay;

  private volatile long credit;
  private volatile boolean givenUp;

  /**
   * A connection without observer.
   *
   * @param channel the accepted channel
   * @param streamType for logs
   * @param phase what is spoken first
   */
  ServerConnection(Channel channel, String streamType, ServerPhase phase) {
    this(channel, streamType, connection -> phase);
  }

  /**
   * A connection without observer, whose first phase knows it.
   *
   * @param channel the accepted channel
   * @param streamType for logs
   * @param phase makes what is spoken first
   */
  ServerConnection(
      Channel channel, String streamType, Function<ServerConnection, ServerPhase> phase) {
    this.channel = channel;
    this.streamType = streamType;
    this.phase = phase.apply(this);
  }

  /** The channel; it is used on its event loop only. */
  public Channel channel() {
    return channel;
  }

  /** For messages and logs. */
  public String streamType() {
    return streamType;
  }

  /** Sets who is told the signals. On the event loop. */
  void observedBy(LinkObserver observer) {
    this.observer = observer;
  }

  /** From here on, another phase carries the commands out. On the event loop. */
  void speak(ServerPhase next) {
    phase = next;
  }

  /** True if a received frame may be signalled. On the event loop. */
  public boolean hasCredit() {
    return credit > 0;
  }

  /** Uses credit for one frame, if there is any. On the event loop. */
  public boolean claimCredit() {
    long current = credit;
    if (current == 0) {
      return false;
    }
    if (current != Long.MAX_VALUE) {
      Operators.produced(CREDIT, this, 1);
    }
    return true;
  }

  /**
   * Tells a signal, unless the link was given up or has ended. On the event loop.
   *
   * @param signal what happened
   */
  public void signal(LinkSignal signal) {
    if (ended) {
      return;
    }
    if (signalling) {
      signals.add(signal);
      return;
    }
    signalling = true;
    try {
      deliver(signal);
      for (LinkSignal next = signals.poll(); next != null; next = signals.poll()) {
        deliver(next);
      }
    } finally {
      signalling = false;
    }
  }

  /**
   * Tells that the connection is gone; nothing is told afterwards. On the event loop.
   *
   * @param cause why
   */
  public void ended(LinkException cause) {
    if (!ended) {
      signal(new LinkSignal.Closed(cause));
      ended = true;
    }
  }

  private void deliver(LinkSignal signal) {
    if (givenUp) {
      return;
    }
    try {
      observer.signal(signal);
    } catch (Throwable e) {
      Exceptions.throwIfJvmFatal(e);
      LOGGER
          .atError()
          .addKeyValue("streamType", streamType)
          .addKeyValue("peer", peerName())
          .setCause(e)
          .log("Observer of a link failed");
      close(LinkClose.ABORT);
    }
  }

  @Override
  public void start() {
    // The peer already did.
  }

  @Override
  public void request(long frames) {
    if (Operators.validate(frames) && Operators.addCap(CREDIT, this, frames) == 0) {
      submit(Command.CREDITED);
    }
  }

  @Override
  public void answer(Answer answer) {
    submit(answer);
  }

  @Override
  public void send(TxPiece piece) {
    submit(piece);
  }

  @Override
  public void ping() {
    submit(Command.PING);
  }

  @Override
  public void close(LinkClose how) {
    givenUp = true;
    submit(how);
  }

  @Override
  public Optional<String> peer() {
    return Channels.peer(channel);
  }

  @Override
  public Optional<X509Certificate> clientCertificate() {
    return Channels.certificate(channel);
  }

  /** The peer's address, for messages and logs. */
  public String peerName() {
    return Channels.peer(channel).orElse("unknown");
  }

  private void submit(Object command) {
    if (!channel.eventLoop().inEventLoop()) {
      commands.offer(command);
      if (UNDER_WAY.getAndIncrement(this) == 0) {
        channel.eventLoop().execute(this::drain);
      }
    } else if (UNDER_WAY.compareAndSet(this, 0, 1)) {
      carryOut(command);
      drain();
    } else {
      // An earlier command, from here or from another thread, goes first.
      commands.offer(command);
      if (UNDER_WAY.getAndIncrement(this) == 0) {
        drain();
      }
    }
  }

  private void drain() {
    int missed = 1;
    do {
      for (Object next = commands.poll(); next != null; next = commands.poll()) {
        carryOut(next);
      }
      phase.flush();
      missed = UNDER_WAY.addAndGet(this, -missed);
    } while (missed != 0);
  }

  /** A fault of ours must not stop the commands behind: it ends the connection. */
  private void carryOut(Object command) {
    try {
      dispatch(command);
    } catch (RuntimeException e) {
      phase.failed(e);
    }
  }

  private void dispatch(Object command) {
    if (command instanceof TxPiece piece) {
      phase.send(piece);
    } else if (command instanceof Answer answer) {
      phase.answer(answer);
    } else if (command instanceof LinkClose how) {
      phase.close(how);
    } else if (command == Command.CREDITED) {
      phase.credited();
    } else {
      phase.ping();
    }
  }
}
