package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Records what happens on a link, for a test that takes one signal after the other. */
public final class TestLinkObserver implements LinkObserver {

  private static final long PATIENCE_SECONDS = 20;

  private final Queue<LinkSignal> signals = new ConcurrentLinkedQueue<>();

  /** Counts the recorded signals; unlike a blocking queue it never blocks the recording thread. */
  private final Semaphore recorded = new Semaphore(0);

  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger overlaps = new AtomicInteger();
  private volatile Thread owner = Thread.currentThread();
  private volatile Consumer<LinkSignal> reaction = signal -> {};

  /** Runs on the transport's thread for each signal, after it was recorded. */
  public TestLinkObserver reacting(Consumer<LinkSignal> consumer) {
    reaction = consumer;
    return this;
  }

  @Override
  public void signal(LinkSignal signal) {
    Thread thread = Thread.currentThread();
    if (inside.getAndIncrement() > 0 && !thread.equals(owner)) {
      overlaps.incrementAndGet();
    }
    owner = thread;
    signals.add(signal);
    recorded.release();
    reaction.accept(signal);
    inside.decrementAndGet();
  }

  /** The next signal, which must come soon. */
  public LinkSignal next() {
    try {
      assertThat(recorded.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("a signal within %d s", PATIENCE_SECONDS)
          .isTrue();
      assertThat(overlaps).as("overlapping signals").hasValue(0);
      return signals.remove();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The next signal, which must come soon and be of a kind. */
  public <S extends LinkSignal> S next(Class<S> kind) {
    LinkSignal signal = next();
    assertThat(signal).isInstanceOf(kind);
    return kind.cast(signal);
  }

  /** The next signal, which must be this one. */
  public void expect(LinkSignal expected) {
    assertThat(next()).isEqualTo(expected);
  }

  /** The next signal but for {@link LinkSignal.Written}. */
  public LinkSignal nextUnlessWritten() {
    LinkSignal signal = next();
    while (signal instanceof LinkSignal.Written) {
      signal = next();
    }
    return signal;
  }

  /** Gathers frames up to and including the one that ends a message. */
  public byte[] message() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      LinkSignal.Frame frame = next(LinkSignal.Frame.class);
      all.writeBytes(frame.payload().bytes());
      if (frame.flags().eom()) {
        return all.toByteArray();
      }
    }
  }

  /** Waits for a number of written pieces. */
  public void expectWritten(int pieces) {
    int sum = 0;
    while (sum < pieces) {
      sum += next(LinkSignal.Written.class).pieces();
    }
    assertThat(sum).isEqualTo(pieces);
  }

  /** No signal is waiting. */
  public void expectNothingWaiting() {
    assertThat(signals).isEmpty();
  }

  /** Number of recorded signals that nobody took. */
  public int waiting() {
    return signals.size();
  }
}
