package io.securestreams.reactor.transport.file;

import io.securestreams.core.plan.FilePlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;

/** File endpoints, if the context permits them. Safe from any thread. */
public final class FileClients {

  private final Optional<Scheduler> readers;

  private FileClients(Optional<Scheduler> readers) {
    this.readers = readers;
  }

  /**
   * Every file that this process may read can be an endpoint.
   *
   * @param readers where files are read, which blocks
   */
  public static FileClients permitted(Scheduler readers) {
    return new FileClients(Optional.of(readers));
  }

  /** No file is opened, because policies may come from elsewhere: every attempt fails. */
  public static FileClients refused() {
    return new FileClients(Optional.empty());
  }

  /**
   * Prepares one reading.
   *
   * @param plan which file
   * @param observer told everything that happens
   */
  public Link link(FilePlan plan, LinkObserver observer) {
    return readers
        .<Link>map(scheduler -> new FileLink(plan, observer, scheduler.createWorker()))
        .orElseGet(() -> new RefusedFileLink(plan, observer));
  }
}
