package io.securestreams.reactor.transport.http;

import io.securestreams.reactor.spi.Link;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/**
 * Allowed frames, given to the link of the moment exactly once, also if the link changes meanwhile:
 * a link that gives its place up has delivered none. Safe from any thread.
 */
final class LegCredit {

  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();

  /** Touched by the one thread that forwards. */
  @Nullable private Link target;

  private long given;

  void allow(long frames) {
    requested.getAndAccumulate(frames, Operators::addCap);
  }

  /** Gives what was not given yet. */
  void forward(Supplier<Link> current) {
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      Link link = current.get();
      if (link != target) {
        target = link;
        given = 0;
      }
      long total = requested.get();
      if (total > given) {
        long more = total == Long.MAX_VALUE ? total : total - given;
        given = total;
        link.request(more);
      }
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }
}
