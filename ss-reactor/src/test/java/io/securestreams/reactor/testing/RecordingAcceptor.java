package io.securestreams.reactor.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.ServerLink;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** Accepts every connection and keeps its link for the test. */
public final class RecordingAcceptor implements Acceptor {

  /** Taken by tests, and filled on event loops, which must not wait. */
  private final Queue<RecordedLink> links = new ConcurrentLinkedQueue<>();

  private final Semaphore available = new Semaphore(0);
  private final long credit;

  /** An acceptor that gives every link this credit. */
  public RecordingAcceptor(long credit) {
    this.credit = credit;
  }

  @Override
  public Optional<LinkObserver> accept(ServerLink link) {
    RecordedLink recorded = new RecordedLink(link);
    links.add(recorded);
    available.release();
    if (credit > 0) {
      link.request(credit);
    }
    return Optional.of(recorded);
  }

  /** The next accepted link, which must come soon. */
  public RecordedLink next() {
    try {
      if (!available.tryAcquire(10, SECONDS)) {
        throw new AssertionError("no further connection");
      }
      return links.remove();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** True if no connection waits to be asked for. */
  public boolean isEmpty() {
    return links.isEmpty();
  }
}
