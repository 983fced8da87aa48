package io.securestreams.reactor.stream;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.TxHandler;
import io.securestreams.reactor.api.TxSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A stream that cannot be: its events are the error that says why. */
public final class RefusedStream implements SecureStream {

  private final String name;
  private final PolicyException reason;

  /**
   * Creates the stream.
   *
   * @param name the stream type asked for
   * @param reason why there is no such stream, and the way out
   */
  public RefusedStream(String name, PolicyException reason) {
    this.name = name;
    this.reason = reason;
  }

  @Override
  public String streamType() {
    return name;
  }

  @Override
  public Flux<StreamEvent> events() {
    return Flux.error(reason);
  }

  @Override
  public Flux<StateEvent> states() {
    return Flux.error(reason);
  }

  @Override
  public Optional<String> payloadFormat() {
    return Optional.empty();
  }

  @Override
  public TxSink tx() {
    return new RefusedSink();
  }

  @Override
  public SecureStream metadata(String metadataName, @Nullable String value) {
    return this;
  }

  @Override
  public SecureStream metadata(String metadataName, Supplier<String> value) {
    return this;
  }

  @Override
  public SecureStream metadata(String metadataName, Mono<String> value) {
    return this;
  }

  @Override
  public Optional<String> metadata(String metadataName) {
    return Optional.empty();
  }

  @Override
  public void connect() {
    // events() tells why nothing happens.
  }

  @Override
  public void disconnect() {
    // events() tells why nothing happens.
  }

  @Override
  public void requestTx() {
    // events() tells why nothing happens.
  }

  @Override
  public void requestTxLen(long length) {
    // events() tells why nothing happens.
  }

  @Override
  public void validityConfirmed() {
    // events() tells why nothing happens.
  }

  @Override
  public SecureStream manualTxCredit(long initial) {
    return this;
  }

  @Override
  public void addPeerTxCredit(long bytes) {
    // events() tells why nothing happens.
  }

  @Override
  public long estimatedPeerTxCredit() {
    return 0;
  }

  @Override
  public void startTimeout(Duration timeout) {
    // events() tells why nothing happens.
  }

  @Override
  public void cancelTimeout() {
    // events() tells why nothing happens.
  }

  @Override
  public void changeHandlers(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    // events() tells why nothing happens.
  }

  @Override
  public void destroy() {
    // There is nothing to destroy.
  }

  /** Takes nothing and says why. */
  private final class RefusedSink implements TxSink {

    @Override
    public Mono<Void> send(Payload message) {
      return Mono.error(reason);
    }

    @Override
    public Mono<Void> send(Publisher<Payload> pieces) {
      return Mono.error(reason);
    }

    @Override
    public Mono<Void> send(Publisher<Payload> pieces, long length) {
      return Mono.error(reason);
    }

    @Override
    public Mono<Void> send(List<Payload> parts) {
      return Mono.error(reason);
    }

    @Override
    public long discarded() {
      return 0;
    }

    @Override
    public Sinks.EmitResult tryEmitNext(Payload payload) {
      return Sinks.EmitResult.FAIL_CANCELLED;
    }

    @Override
    public Sinks.EmitResult tryEmitComplete() {
      return Sinks.EmitResult.FAIL_CANCELLED;
    }

    @Override
    public Sinks.EmitResult tryEmitError(Throwable error) {
      return Sinks.EmitResult.FAIL_CANCELLED;
    }

    @Override
    public void emitNext(Payload payload, Sinks.EmitFailureHandler failureHandler) {
      throw new StreamClosedException(name, String.valueOf(reason.getMessage()));
    }

    @Override
    public void emitComplete(Sinks.EmitFailureHandler failureHandler) {
      // Completing what takes nothing changes nothing.
    }

    @Override
    public void emitError(Throwable error, Sinks.EmitFailureHandler failureHandler) {
      // Failing what takes nothing changes nothing.
    }

    @Override
    public int currentSubscriberCount() {
      return 0;
    }

    @Override
    public Flux<Payload> asFlux() {
      return Flux.error(reason);
    }

    @Override
    @Nullable
    public Object scanUnsafe(@SuppressWarnings("rawtypes") Scannable.Attr key) {
      return null;
    }
  }
}
