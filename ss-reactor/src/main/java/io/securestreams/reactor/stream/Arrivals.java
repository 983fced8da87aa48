package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.api.TxHandler;
import io.securestreams.reactor.spi.LinkObserver;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * The streams that a listener accepted and that are not over. Inside the listener's mailbox, but
 * for {@link #accept}, {@link #clients} and {@link #changeHandlers}.
 */
final class Arrivals {

  /** How long an accepted stream may wait for a subscriber. */
  static final long UNSUBSCRIBED_LIMIT_MS = 15_000;

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private final Environment environment;
  private final String streamType;
  private final Mailbox mailbox;

  /** In the order of their arrival; its own lock, for snapshots. */
  private final Set<ServedStream> served = new LinkedHashSet<>();

  private final ArrayDeque<ServedStream> waiting = new ArrayDeque<>();
  @Nullable private volatile Callbacks callbacks;
  private volatile boolean closed;

  /**
   * Nobody has arrived yet.
   *
   * @param environment what all streams of the context share
   * @param streamType for logs
   * @param mailbox the listener's
   * @param callbacks of every stream; null if they wait for a subscriber
   */
  Arrivals(
      Environment environment, String streamType, Mailbox mailbox, @Nullable Callbacks callbacks) {
    this.environment = environment;
    this.streamType = streamType;
    this.mailbox = mailbox;
    this.callbacks = callbacks;
  }

  /** What streams that come now are handled by; null if they wait for a subscriber. */
  @Nullable Callbacks callbacks() {
    return callbacks;
  }

  /** True if the streams have a handler, and no subscriber is waited for. */
  boolean haveHandler() {
    return callbacks != null;
  }

  /** Replaces callbacks of the streams that come from now on; null keeps what there is. */
  synchronized void changeHandlers(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    Callbacks before = callbacks;
    if (before == null) {
      throw StreamErrors.hasNoHandler(streamType);
    }
    callbacks = before.with(rx, tx, state);
  }

  /** All that are there now, in the order of their arrival. */
  List<ServedStream> clients() {
    synchronized (served) {
      return List.copyOf(served);
    }
  }

  /**
   * Takes a connection, on its event loop.
   *
   * @param making makes its stream, given what to run when that is released
   */
  Optional<LinkObserver> accept(Function<Runnable, ServedStream> making) {
    if (closed) {
      return Optional.empty();
    }
    Admission admission = new Admission();
    ServedStream stream = making.apply(admission);
    admission.stream = stream;
    Callbacks handler = callbacks;
    if (handler != null) {
      stream.handledBy(handler);
    }
    synchronized (served) {
      served.add(stream);
    }
    mailbox.submit(() -> admit(stream, admission));
    return Optional.ofNullable(stream.slot());
  }

  /** Ties an accepted stream to its listener until it is released. */
  private final class Admission implements Runnable {

    @Nullable private ServedStream stream;
    @Nullable private Disposable limit;

    @Override
    public void run() {
      ServedStream ended = stream;
      if (ended != null) {
        mailbox.submit(() -> forget(ended));
      }
      Disposable timer = limit;
      if (timer != null) {
        timer.dispose();
      }
    }
  }

  private void admit(ServedStream stream, Admission admission) {
    if (closed) {
      stream.destroy();
      return;
    }
    if (stream.hasHandler()) {
      stream.start();
      return;
    }
    admission.limit =
        environment
            .scheduler()
            .schedule(
                () -> destroyIfUnsubscribed(stream), UNSUBSCRIBED_LIMIT_MS, TimeUnit.MILLISECONDS);
    waiting.add(stream);
  }

  private void destroyIfUnsubscribed(ServedStream stream) {
    if (stream.isUnsubscribed()) {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", streamType)
          .addKeyValue("peer", stream.peer().orElse("?"))
          .log("Nobody subscribed the events of an accepted stream; it is closed");
      stream.destroy();
    }
  }

  private void forget(ServedStream stream) {
    synchronized (served) {
      served.remove(stream);
    }
    waiting.remove(stream);
  }

  /** The next stream for the subscriber, if one waits. */
  @Nullable ServedStream next() {
    return waiting.poll();
  }

  /** Nobody is accepted any more. */
  void close() {
    closed = true;
  }

  /** Ends all at once. */
  void destroy() {
    clients().forEach(StreamShell::destroy);
  }

  /** Ends all, each after what it has begun if that is done in time. */
  void part(SwapMode mode, LinkFailure why) {
    clients().forEach(stream -> stream.part(mode, why));
  }
}
