package io.securestreams.reactor.transport.http;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/**
 * The body of a response on its way to the observer: what is allowed, what was handed out, what has
 * to wait. Only {@link #allow} may be called from outside the event loop.
 */
final class ClientBody {

  private final AtomicLong requested = new AtomicLong();
  private long delivered;
  @Nullable private Deque<Payload> held;

  /**
   * Allows more pieces.
   *
   * @return false if there was no limit before
   */
  boolean allow(long pieces) {
    return requested.getAndAccumulate(pieces, Operators::addCap) != Long.MAX_VALUE;
  }

  /** True if another piece is allowed. */
  boolean wanted() {
    long allowed = requested.get();
    return allowed == Long.MAX_VALUE || allowed > delivered;
  }

  /** True if a piece was ever handed out. */
  boolean begun() {
    return delivered > 0;
  }

  /** True if nothing waits. */
  boolean drained() {
    Deque<Payload> waiting = held;
    return waiting == null || waiting.isEmpty();
  }

  /** Keeps a piece that is not allowed yet. */
  void hold(Payload payload) {
    Deque<Payload> waiting = held;
    if (waiting == null) {
      waiting = new ArrayDeque<>();
      held = waiting;
    }
    waiting.add(payload);
  }

  /** The oldest piece that waits, if it is allowed. */
  LinkSignal.@Nullable Frame next() {
    Deque<Payload> waiting = held;
    if (waiting == null || waiting.isEmpty() || !wanted()) {
      return null;
    }
    return frame(waiting.remove());
  }

  /** A piece that is handed out now. */
  LinkSignal.Frame frame(Payload payload) {
    boolean first = delivered++ == 0;
    return new LinkSignal.Frame(payload, MessageFlags.of(first, false));
  }
}
