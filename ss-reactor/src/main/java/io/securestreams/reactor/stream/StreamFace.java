package io.securestreams.reactor.stream;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.TxHandler;
import io.securestreams.reactor.api.TxSink;
import io.securestreams.reactor.spi.Link;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The calls of an application, each turned into an input of the stream. */
abstract class StreamFace extends StreamShell {

  private static final long AUTOMATIC_CREDIT = 0;

  /** What a link's peer may send from the beginning, in bytes. */
  private volatile long initialCredit = AUTOMATIC_CREDIT;

  StreamFace(Environment environment, StreamType type, Lifecycle lifecycle) {
    super(environment, type, lifecycle);
  }

  @Override
  public final Flux<StreamEvent> events() {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super StreamEvent> actual) {
        subscribeEvents(actual);
      }
    };
  }

  @Override
  public final Flux<StateEvent> states() {
    return audience().states();
  }

  @Override
  public final Optional<String> payloadFormat() {
    return type().payloadFormat();
  }

  @Override
  public final TxSink tx() {
    return queue();
  }

  @Override
  public final SecureStream metadata(String name, @Nullable String value) {
    metadataStore().set(name, value);
    return this;
  }

  @Override
  public final SecureStream metadata(String name, Supplier<String> value) {
    metadataStore().set(name, value);
    return this;
  }

  @Override
  public final SecureStream metadata(String name, Mono<String> value) {
    metadataStore().set(name, value);
    return this;
  }

  @Override
  public final Optional<String> metadata(String name) {
    return metadataStore().get(name);
  }

  @Override
  public final void connect() {
    input(() -> step(lifecycle().connectRequested()));
  }

  @Override
  public final void disconnect() {
    input(() -> step(lifecycle().disconnectRequested()));
  }

  @Override
  public final void requestTx() {
    requestTx(HandlerTx.UNKNOWN);
  }

  @Override
  public final void requestTxLen(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative message length " + length);
    }
    requestTx(length);
  }

  private void requestTx(long length) {
    // Asked from inside the callback that gives the last piece, it meant more of that message.
    boolean more = length < 0 && isInsideHandlerTx();
    input(
        () -> {
          if (more && handlerTx().hasEnded()) {
            return;
          }
          handlerTx().want(length);
          step(lifecycle().txRequested());
        });
  }

  @Override
  public final void validityConfirmed() {
    input(
        () -> {
          LinkSlot slot = slot();
          if (slot != null) {
            slot.proof();
          }
        });
  }

  @Override
  public final SecureStream manualTxCredit(long initial) {
    if (initial < 1) {
      throw new IllegalArgumentException(
          "manual credit must begin with 1 byte or more, not " + initial);
    }
    initialCredit = initial;
    return this;
  }

  @Override
  public final void addPeerTxCredit(long bytes) {
    Link current = link();
    if (current != null && bytes > 0) {
      current.addPeerTxCredit(bytes);
    }
  }

  @Override
  public final long estimatedPeerTxCredit() {
    Link current = link();
    return current == null ? 0 : current.estimatedPeerTxCredit();
  }

  @Override
  public final void startTimeout(Duration timeout) {
    long ms = timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("negative timeout " + timeout);
    }
    input(() -> step(lifecycle().timeoutStarted(ms)));
  }

  @Override
  public final void cancelTimeout() {
    input(() -> step(lifecycle().timeoutCancelled()));
  }

  @Override
  public final void changeHandlers(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    audience().change(rx, tx, state);
  }

  /** Tells a link that is about to start who grants its peer credit. */
  final void grantCreditTo(Link starting) {
    long bytes = initialCredit;
    if (bytes != AUTOMATIC_CREDIT) {
      starting.manualTxCredit(bytes);
    }
  }

  /** Gives the stream, which nobody knows yet, its handler. */
  final void handledBy(Callbacks callbacks) {
    audience().seat(callbacks);
  }

  /** Creates the stream for its handler, at once. */
  final void start() {
    submit(this::begin);
  }

  private void subscribeEvents(CoreSubscriber<? super StreamEvent> actual) {
    submit(
        () -> {
          if (audience().seat(actual)) {
            begin();
          } else {
            Operators.error(
                actual,
                new IllegalStateException(
                    "the events of stream '"
                        + streamType()
                        + "' already have their subscriber; open another stream"));
          }
        });
  }
}
