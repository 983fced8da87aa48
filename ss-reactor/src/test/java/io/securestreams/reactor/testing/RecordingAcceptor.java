package io.securestreams.reactor.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.ServerLink;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Accepts every connection and keeps its link for the test. */
public final class RecordingAcceptor implements Acceptor {

  private final BlockingQueue<RecordedLink> links = new LinkedBlockingQueue<>();
  private final long credit;

  /** An acceptor that gives every link this credit. */
  public RecordingAcceptor(long credit) {
    this.credit = credit;
  }

  @Override
  public Optional<LinkObserver> accept(ServerLink link) {
    RecordedLink recorded = new RecordedLink(link);
    links.add(recorded);
    if (credit > 0) {
      link.request(credit);
    }
    return Optional.of(recorded);
  }

  /** The next accepted link, which must come soon. */
  public RecordedLink next() {
    try {
      RecordedLink link = links.poll(10, SECONDS);
      if (link == null) {
        throw new AssertionError("no further connection");
      }
      return link;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** True if no connection waits to be asked for. */
  public boolean isEmpty() {
    return links.isEmpty();
  }
}
