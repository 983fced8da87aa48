package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The link between a source and its sink, inside this process: two ends, each the other's peer.
 *
 * <p>Pieces change sides on a turn of the scheduler, never inside the call that sends them, and
 * within the receiver's credit. The end is told at once, so that it reaches the other side before
 * it is reported on the own one; what did not change sides before is lost, which its sender is
 * told.
 */
final class JoinedLink {

  /** The source, as its link sees it. */
  interface Source {

    /** The sink's side is connected. */
    void joined();

    /** The sink's side ended before that. */
    void refused();

    /** Its handle. */
    SecureStream handle();
  }

  private final Scheduler turns;
  private final String streamType;
  private final Mailbox order =
      new Mailbox() {
        @Override
        void settle() {
          // Nothing depends on several tasks.
        }
      };
  private final AtomicBoolean turnDue = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final End source = new End();
  private final SinkEnd sink = new SinkEnd();

  @Nullable private volatile Source joining;
  private volatile boolean joined;

  /**
   * A link that nobody uses yet.
   *
   * @param turns where pieces change sides
   * @param streamType for messages
   */
  JoinedLink(Scheduler turns, String streamType) {
    this.turns = turns;
    this.streamType = streamType;
  }

  /** The source's end. */
  ServerLink source() {
    return source;
  }

  /**
   * Asks a sink to take the other end.
   *
   * @param by the source
   * @param observer told what happens at the source's end
   * @param acceptor speaks for the sink
   * @return false if it refused
   */
  boolean join(Source by, LinkObserver observer, Acceptor acceptor) {
    joining = by;
    source.observer = observer;
    Optional<LinkObserver> accepted = acceptor.accept(sink);
    accepted.ifPresent(
        told -> {
          sink.observer = told;
          told.signal(LinkSignal.Up.PLAIN);
        });
    return accepted.isPresent();
  }

  /** True if nothing is on its way to either side. */
  boolean isQuiet() {
    return source.arrived.isEmpty() && sink.arrived.isEmpty();
  }

  private void turn() {
    if (turnDue.compareAndSet(false, true)) {
      // Without a delay, a scheduler of virtual time would run it inside this call.
      turns.schedule(this::deliver, 1, TimeUnit.NANOSECONDS);
    }
  }

  private void deliver() {
    turnDue.set(false);
    order.submit(
        () -> {
          sink.deliver();
          source.deliver();
        });
  }

  /** One end of the link. */
  private class End implements ServerLink {

    @Nullable volatile LinkObserver observer;
    final Queue<TxPiece> arrived = new ConcurrentLinkedQueue<>();
    private long credit;

    private End other() {
      return this == source ? sink : source;
    }

    final void signal(LinkSignal signal) {
      LinkObserver told = observer;
      if (told != null) {
        told.signal(signal);
      }
    }

    final void deliver() {
      for (TxPiece next = arrived.peek(); mayTake(next); next = arrived.peek()) {
        arrived.remove();
        if (credit != Long.MAX_VALUE && credit > 0) {
          credit--;
        }
        signal(new LinkSignal.Frame(next.payload(), next.flags()));
        other().signal(LinkSignal.Written.ONE);
      }
    }

    private boolean mayTake(@Nullable TxPiece next) {
      if (next == null || closed.get()) {
        return false;
      }
      boolean endMark = next.payload().isEmpty() && !next.flags().som();
      return credit > 0 || endMark;
    }

    @Override
    public final void start() {
      // It is there from the start.
    }

    @Override
    public final void request(long frames) {
      order.submit(
          () -> {
            credit = Operators.addCap(credit, frames);
            deliver();
          });
    }

    @Override
    public final void send(TxPiece piece) {
      other().arrived.add(piece);
      turn();
    }

    @Override
    public final void answer(Answer answer) {
      // There are no requests.
    }

    @Override
    public final void ping() {
      signal(LinkSignal.Event.ALIVE);
    }

    @Override
    public final void close(LinkClose how) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      Source waiting = joining;
      if (joined) {
        other()
            .signal(
                new LinkSignal.Closed(
                    new LinkException(
                        FailureKind.CLOSED, "the other side of '" + streamType + "' ended")));
      } else if (this == source) {
        sink.signal(
            new LinkSignal.Closed(
                new LinkException(
                    FailureKind.CLOSED, "the source of '" + streamType + "' was not created")));
      } else if (waiting != null) {
        waiting.refused();
      }
    }

    @Override
    public final Optional<String> peer() {
      return Optional.empty();
    }
  }

  /** The sink's end: it knows whom it is joined with. */
  final class SinkEnd extends End {

    /** The handle of the source. */
    SecureStream sourceHandle() {
      return source().handle();
    }

    /** True if nothing is on its way to either side. */
    boolean isQuiet() {
      return JoinedLink.this.isQuiet();
    }

    /** The sink's side is connected. */
    void joined() {
      joined = true;
      source().joined();
    }

    private Source source() {
      Source by = joining;
      if (by == null) {
        throw new IllegalStateException("'" + streamType + "' has no source yet");
      }
      return by;
    }
  }
}
