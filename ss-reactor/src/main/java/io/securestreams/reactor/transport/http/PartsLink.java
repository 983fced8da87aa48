package io.securestreams.reactor.transport.http;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.multipart.MultipartBoundary;
import io.securestreams.core.multipart.MultipartSplitter;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.ResponseRules.Verdict;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * A transaction whose response, if it is multipart, arrives part by part. Of the response below,
 * one piece at a time is taken apart, as far as frames are allowed. A body that lacks its last
 * delimiter is not acknowledged.
 */
final class PartsLink implements Link, HeadObserver {

  private static final Logger LOGGER = LoggerFactory.getLogger(PartsLink.class);

  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final HttpPlan plan;
  private final LinkObserver observer;
  private final Link link;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();

  /** What came and is not told yet. */
  private final Queue<LinkSignal> arrived = Queues.<LinkSignal>unboundedMultiproducer().get();

  /** Set before the head's signal; null as long as the body is passed on as it comes. */
  @Nullable private volatile MultipartSplitter splitter;

  private volatile boolean closed;

  // Touched by the one thread that drains.

  private MultipartSplitter.@Nullable Piece held;
  private long delivered;
  private boolean asked;
  private boolean up;

  /** What the response below came to; told when all its pieces are. */
  @Nullable private LinkSignal verdict;

  PartsLink(HttpPlan plan, LinkObserver observer, ClientLegs.Start<HttpPlan> start) {
    this.plan = plan;
    this.observer = observer;
    this.link = start.link(plan, this);
  }

  @Override
  public void start() {
    link.start();
  }

  @Override
  public void request(long frames) {
    requested.getAndAccumulate(frames, Operators::addCap);
    drain();
  }

  @Override
  public void send(TxPiece piece) {
    link.send(piece);
  }

  @Override
  public void manualTxCredit(long bytes) {
    link.manualTxCredit(bytes);
  }

  @Override
  public void addPeerTxCredit(long bytes) {
    link.addPeerTxCredit(bytes);
  }

  @Override
  public long estimatedPeerTxCredit() {
    return link.estimatedPeerTxCredit();
  }

  @Override
  public void ping() {
    link.ping();
  }

  @Override
  public void close(LinkClose how) {
    closed = true;
    link.close(how);
  }

  @Override
  public Optional<String> peer() {
    return link.peer();
  }

  @Override
  public void head(ResponseHead head) {
    Verdict judged = plan.rules().judge(head.status());
    boolean answered = judged == Verdict.ACK || judged == Verdict.NACK;
    boolean bodiless =
        plan.method().equals("HEAD")
            || head.status() == NO_CONTENT
            || head.status() == NOT_MODIFIED;
    String type = head.joined("content-type");
    if (!answered || bodiless || type == null || !MultipartBoundary.isMultipart(type)) {
      return;
    }
    Optional<String> boundary = MultipartBoundary.of(type);
    if (boundary.isPresent()) {
      splitter = new MultipartSplitter(boundary.get());
    } else {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", plan.streamType())
          .addKeyValue("peer", plan.target())
          .log("A multipart response has no usable boundary; its body is passed on as it is");
    }
  }

  @Override
  public void signal(LinkSignal signal) {
    arrived.add(signal);
    drain();
  }

  private void drain() {
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      while (!closed && step()) {
        // Until there is nothing to tell, or nothing may be told.
      }
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }

  /** Tells the next thing; false if there is none. */
  private boolean step() {
    MultipartSplitter parts = splitter;
    if (up && parts != null) {
      MultipartSplitter.Piece piece = held == null ? parts.next().orElse(null) : held;
      held = piece;
      if (piece != null) {
        return deliver(piece);
      }
      LinkSignal last = verdict;
      if (last != null) {
        verdict = null;
        observer.signal(parts.isComplete() ? last : Event.NACKED);
        return false;
      }
    }
    LinkSignal next = arrived.poll();
    if (next == null) {
      return ask(parts);
    }
    tell(next, parts);
    return true;
  }

  private boolean deliver(MultipartSplitter.Piece piece) {
    boolean endMark = piece.payload().isEmpty() && !piece.flags().som() && piece.flags().eom();
    if (isAllowed()) {
      delivered++;
    } else if (!endMark) {
      return false;
    }
    held = null;
    observer.signal(new LinkSignal.Frame(piece.payload(), piece.flags()));
    return true;
  }

  private boolean isAllowed() {
    long allowed = requested.get();
    return allowed == Long.MAX_VALUE || allowed > delivered;
  }

  /** Asks for the next piece of the body, if frames may be made of it. */
  private boolean ask(@Nullable MultipartSplitter parts) {
    if (!up || !isAllowed()) {
      return false;
    }
    if (parts == null) {
      long allowed = requested.get();
      long more = allowed == Long.MAX_VALUE ? allowed : allowed - delivered;
      if (delivered == Long.MAX_VALUE) {
        return false;
      }
      delivered = allowed;
      link.request(more);
    } else if (!asked) {
      asked = true;
      link.request(1);
    }
    return false;
  }

  private void tell(LinkSignal signal, @Nullable MultipartSplitter parts) {
    up |= signal instanceof LinkSignal.Up;
    if (parts == null) {
      observer.signal(signal);
    } else if (signal instanceof LinkSignal.Frame frame) {
      asked = false;
      if (frame.flags().equals(MessageFlags.EOM) && frame.payload().isEmpty()) {
        parts.end();
      } else {
        parts.offer(frame.payload());
      }
    } else if (signal == Event.ACKED || signal == Event.NACKED) {
      // An empty body never told its end.
      parts.end();
      verdict = signal;
    } else {
      observer.signal(signal);
    }
  }
}
