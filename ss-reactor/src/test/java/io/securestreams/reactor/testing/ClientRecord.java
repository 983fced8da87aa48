package io.securestreams.reactor.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** Keeps the signals of a client's link until the test asks for them. */
public final class ClientRecord implements LinkObserver {

  private final BlockingQueue<LinkSignal> signals = new LinkedBlockingQueue<>();

  @Override
  public void signal(LinkSignal signal) {
    signals.add(signal);
  }

  /** The next signal, which must come soon. */
  public LinkSignal next() {
    try {
      LinkSignal signal = signals.poll(10, SECONDS);
      if (signal == null) {
        throw new AssertionError("no further signal");
      }
      return signal;
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

  /** The signals that have come and were not asked for. */
  public List<LinkSignal> rest() {
    return List.copyOf(signals);
  }

  /** A whole message, with the flags of its first piece. */
  public String message() {
    return message(this::next);
  }

  /** A whole message, with the flags of its first piece. */
  static String message(Supplier<LinkSignal> source) {
    StringBuilder text = new StringBuilder();
    boolean more = true;
    while (more) {
      LinkSignal signal = source.get();
      if (signal instanceof LinkSignal.Frame frame) {
        text.append(text.isEmpty() ? frame.flags() + ":" : "").append(frame.payload().utf8());
        more = !frame.flags().eom();
      } else if (!(signal instanceof LinkSignal.Written)) {
        throw new AssertionError("expected a frame, got " + signal);
      }
    }
    return text.toString();
  }
}
