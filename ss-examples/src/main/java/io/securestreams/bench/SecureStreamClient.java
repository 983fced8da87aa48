package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;
import static io.securestreams.bench.BenchServer.PIECE_BYTES;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TlsEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Secure streams, as applications use them: {@code exchange} for a GET, kept streams else. */
final class SecureStreamClient implements Contender {

  private final SecureStreams streams;
  private final Payload piece = Payload.of(new byte[PIECE_BYTES]);

  SecureStreamClient(Server server, Engine engine) {
    streams =
        SecureStreams.builder()
            .policy(BenchPolicy.text(server))
            .tlsEngine(engine == Engine.JDK ? TlsEngine.JDK : TlsEngine.NATIVE_IF_PRESENT)
            .build();
  }

  @Override
  public Mono<Integer> get(Wire wire) {
    return streams.exchange(wire.name()).map(Payload::size);
  }

  @Override
  public Mono<Long> download() {
    return streams.receive("download").map(Payload::size).reduce(0L, Long::sum);
  }

  @Override
  public Mono<Long> upload() {
    return Mono.using(
        () -> streams.open("upload"),
        stream -> {
          StringBuilder answer = new StringBuilder();
          Disposable receiving =
              stream
                  .events()
                  .ofType(PayloadEvent.class)
                  .subscribe(rx -> answer.append(rx.payload().utf8()));
          // Done when the peer acknowledged, which follows its whole answer.
          return stream
              .tx()
              .send(bulk(), BULK_BYTES)
              .then(Mono.fromSupplier(() -> Long.valueOf(answer.toString())))
              .doFinally(end -> receiving.dispose());
        },
        SecureStream::destroy);
  }

  private Flux<Payload> bulk() {
    return Flux.range(0, BULK_BYTES / PIECE_BYTES).map(i -> piece);
  }

  @Override
  public EchoLine echo(byte[] message) {
    Line line = new Line(streams.open("echo"), message);
    connect(line.stream, line::received);
    return line;
  }

  @Override
  public ByteLine bytes() {
    SecureStream stream = streams.open("raw");
    ByteCount count = new ByteCount();
    connect(stream, count::add);
    return new ByteLine() {
      @Override
      public Mono<Void> receive() {
        Mono<Void> all = count.expect(BULK_BYTES);
        return stream.tx().send(Payload.of(new byte[] {BenchServer.SEND_ME})).then(all);
      }

      @Override
      public Mono<Void> send() {
        Mono<Void> taken = count.expect(1);
        return stream
            .tx()
            .send(bulk().startWith(Payload.of(new byte[] {BenchServer.TAKE_THIS})))
            .then(taken);
      }

      @Override
      public void close() {
        stream.destroy();
      }
    };
  }

  private static void connect(SecureStream stream, IntConsumer received) {
    CompletableFuture<Boolean> connected = new CompletableFuture<>();
    stream.connect();
    stream
        .events()
        .subscribe(event -> happened(event, received, connected), connected::completeExceptionally);
    connected.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static void happened(
      StreamEvent event, IntConsumer received, CompletableFuture<Boolean> connected) {
    if (event instanceof PayloadEvent rx) {
      received.accept(rx.payload().size());
    } else if (event instanceof StateEvent state && state.state() == StreamState.CONNECTED) {
      connected.complete(true);
    }
  }

  @Override
  public void close() {
    streams.close();
  }

  /** Sends through the tx sink, which any thread may use. */
  private static final class Line extends EchoLine {

    private final SecureStream stream;
    private final Payload message;

    Line(SecureStream stream, byte[] message) {
      super(message.length);
      this.stream = stream;
      this.message = Payload.of(message);
    }

    @Override
    void begin(Runnable sends) {
      sends.run();
    }

    @Override
    void send() {
      stream.tx().tryEmitNext(message).orThrow();
    }

    @Override
    public void close() {
      stream.destroy();
    }
  }
}
