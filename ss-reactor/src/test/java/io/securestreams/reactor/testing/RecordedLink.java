package io.securestreams.reactor.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TxPiece;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server's link whose signals are kept until the test asks for them. */
public final class RecordedLink implements LinkObserver {

  private final ServerLink link;

  /** Taken by tests, and filled on event loops, which must not wait. */
  private final Queue<LinkSignal> signals = new ConcurrentLinkedQueue<>();

  private final Semaphore available = new Semaphore(0);
  private final AtomicBoolean inSignal = new AtomicBoolean();

  RecordedLink(ServerLink link) {
    this.link = link;
  }

  @Override
  public void signal(LinkSignal signal) {
    if (!inSignal.compareAndSet(false, true)) {
      throw new AssertionError("two signals of one link overlap: " + signal);
    }
    signals.add(signal);
    inSignal.set(false);
    available.release();
  }

  /** The link itself. */
  public ServerLink link() {
    return link;
  }

  /** The next signal, which must come soon. */
  public LinkSignal next() {
    try {
      if (!available.tryAcquire(10, SECONDS)) {
        throw new AssertionError("no further signal");
      }
      return signals.remove();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next signal, which must be of a kind. */
  public <T extends LinkSignal> T next(Class<T> kind) {
    LinkSignal signal = next();
    if (!kind.isInstance(signal)) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", got " + signal);
    }
    return kind.cast(signal);
  }

  /** The next signals, which must tell that pieces were written, one by one or together. */
  public void expectWritten(int pieces) {
    int sum = 0;
    while (sum < pieces) {
      sum += next(LinkSignal.Written.class).pieces();
    }
    if (sum > pieces) {
      throw new AssertionError(sum + " pieces were written, not " + pieces);
    }
  }

  /** The signals that have come and were not asked for. */
  public List<LinkSignal> rest() {
    return List.copyOf(signals);
  }

  /** Answers with a whole text. */
  public void answer(int status, String text, Header... headers) {
    Payload payload = Payload.utf8(text);
    link.answer(new Answer(status, List.of(headers), BodyPlan.ofLength(payload.size())));
    link.send(new TxPiece(payload, MessageFlags.SOM_EOM));
  }

  /** Sends a piece. */
  public void send(String text, MessageFlags flags) {
    link.send(new TxPiece(Payload.utf8(text), flags));
  }
}
