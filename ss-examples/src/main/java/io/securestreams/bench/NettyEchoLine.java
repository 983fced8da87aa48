package io.securestreams.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A line whose sends all happen on the connection's event loop, through a plain unicast sink. */
public final class NettyEchoLine extends EchoLine {

  private final Object token = new Object();
  private final Sinks.Many<Object> sends = Sinks.many().unicast().onBackpressureBuffer();
  private final Sinks.Empty<Void> end = Sinks.empty();
  private final CompletableFuture<Executor> loop = new CompletableFuture<>();

  public NettyEchoLine(int size) {
    super(size);
  }

  /** One element for every message to be sent. */
  public Flux<Object> sends() {
    return sends.asFlux();
  }

  /** Says that the connection stands, and where its signals run. */
  public void stands(Executor eventLoop) {
    loop.complete(eventLoop);
  }

  /** Receives and sends until the line is closed. */
  public Mono<Void> exchange(Publisher<Integer> sizes, Publisher<Void> sending) {
    return Mono.firstWithSignal(
        Flux.from(sizes).doOnNext(this::received).then(), Mono.from(sending), end.asMono());
  }

  /** Subscribes the connection and waits until it stands. */
  public NettyEchoLine open(Mono<Void> connection) {
    connection.subscribe(nothing -> {}, loop::completeExceptionally);
    loop.orTimeout(10, TimeUnit.SECONDS).join();
    return this;
  }

  @Override
  void begin(Runnable first) {
    loop.join().execute(first);
  }

  @Override
  void send() {
    sends.tryEmitNext(token).orThrow();
  }

  @Override
  public void close() {
    end.tryEmitEmpty();
  }
}
