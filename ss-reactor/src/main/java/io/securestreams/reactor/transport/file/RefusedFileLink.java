package io.securestreams.reactor.transport.file;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.FilePlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Optional;

/** An attempt at a file in a context that reads none. */
final class RefusedFileLink implements Link {

  private final FilePlan plan;
  private final LinkObserver observer;

  RefusedFileLink(FilePlan plan, LinkObserver observer) {
    this.plan = plan;
    this.observer = observer;
  }

  @Override
  public void start() {
    LinkException cause =
        new LinkException(
            FailureKind.POLICY,
            "stream type \""
                + plan.streamType()
                + "\" reads a file, which this context does not permit; if its policies are to be"
                + " trusted with that, build it with fileEndpoints(true)");
    observer.signal(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  @Override
  public void request(long frames) {}

  @Override
  public void send(TxPiece piece) {}

  @Override
  public void ping() {}

  @Override
  public void close(LinkClose how) {}

  @Override
  public Optional<String> peer() {
    return Optional.empty();
  }
}
