package io.securestreams.reactor.transport.file;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.FilePlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Reads one file, a piece for each credit, and stays open until it is given up. Nothing can be
 * sent.
 *
 * <p>Everything but the calls of the stream happens on one worker, which may block.
 */
final class FileLink implements Link {

  /** Bytes of all pieces but the last. Source: the reference's file endpoint. */
  static final int PIECE = 1400;

  private final FilePlan plan;
  private final LinkObserver observer;
  private final Scheduler.Worker worker;
  private final AtomicLong requested = new AtomicLong();

  private volatile boolean closed;
  @Nullable private InputStream input;

  /** Read ahead, to know which piece is the last; null before the first and after the last. */
  @Nullable private Payload next;

  private boolean started;
  private long delivered;

  FileLink(FilePlan plan, LinkObserver observer, Scheduler.Worker worker) {
    this.plan = plan;
    this.observer = observer;
    this.worker = worker;
  }

  @Override
  public void start() {
    onWorker(this::open);
  }

  @Override
  public void request(long frames) {
    requested.accumulateAndGet(frames, Operators::addCap);
    onWorker(this::deliver);
  }

  private void onWorker(Runnable task) {
    try {
      worker.schedule(
          () -> {
            if (!closed) {
              task.run();
            }
          });
    } catch (RejectedExecutionException closing) {
      // The link is closed, or the context that it belongs to.
      closed = true;
    }
  }

  private void open() {
    try {
      InputStream opened = Files.newInputStream(plan.file());
      input = opened;
      next = Payload.wrap(opened.readNBytes(PIECE));
    } catch (IOException | SecurityException e) {
      tell(new LinkSignal.Failed(failure(FailureKind.CONNECT, "open", e), 0, Delivery.NOT_SENT));
      release();
      return;
    }
    tell(LinkSignal.Up.PLAIN);
    deliver();
  }

  private void deliver() {
    for (Payload piece = next; piece != null && !closed; piece = next) {
      if (requested.get() <= delivered) {
        return;
      }
      try {
        next = readAfter(piece);
      } catch (IOException e) {
        next = null;
        tell(new LinkSignal.Closed(failure(FailureKind.CLOSED, "read", e)));
        release();
        return;
      }
      delivered++;
      boolean first = !started;
      started = true;
      tell(new LinkSignal.Frame(piece, MessageFlags.of(first, next == null)));
    }
  }

  private @Nullable Payload readAfter(Payload piece) throws IOException {
    InputStream open = input;
    if (piece.size() < PIECE || open == null) {
      return null;
    }
    byte[] bytes = open.readNBytes(PIECE);
    return bytes.length == 0 ? null : Payload.wrap(bytes);
  }

  private void tell(LinkSignal signal) {
    if (!closed) {
      observer.signal(signal);
    }
  }

  private LinkException failure(FailureKind kind, String what, Exception error) {
    String problem =
        error instanceof NoSuchFileException
            ? "it does not exist"
            : error instanceof AccessDeniedException
                ? "permission denied"
                : String.valueOf(error.getMessage());
    return new LinkException(
        kind, "cannot " + what + " " + plan.file() + ": " + problem, plan.file().toString(), error);
  }

  /** A file takes nothing: the stream is never asked for anything to send. */
  @Override
  public void send(TxPiece piece) {}

  /** A file proves nothing. */
  @Override
  public void ping() {}

  @Override
  public void close(LinkClose how) {
    if (!closed) {
      closed = true;
      try {
        worker.schedule(this::release);
      } catch (RejectedExecutionException closing) {
        release();
      }
    }
  }

  private void release() {
    closed = true;
    next = null;
    InputStream open = input;
    input = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException nothingIsLost) {
      // It was only read.
    }
    worker.dispose();
  }

  @Override
  public Optional<String> peer() {
    return Optional.empty();
  }
}
