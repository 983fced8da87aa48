package io.securestreams.bench;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** Secure streams, as applications use them: {@code exchange} for a GET, a kept stream for ws. */
final class SecureStreamClient implements Contender {

  private static final String POLICY =
      """
      {
        "release": "1", "product": "benchmarks", "schema-version": 1,
        "retry": [{"default": {"backoff": [1000], "conceal": 0}}],
        "s": [
          {"api": {
            "endpoint": "127.0.0.1", "port": %1$d, "protocol": "h1",
            "http_method": "GET", "http_url": "%2$s", "opportunistic": true, "retry": "default"}},
          {"echo": {
            "endpoint": "127.0.0.1", "port": %1$d, "protocol": "ws",
            "http_url": "%3$s", "ws_binary": true, "opportunistic": true, "retry": "default"}}
        ]
      }
      """;

  private final SecureStreams streams;

  SecureStreamClient(int port) {
    streams =
        SecureStreams.builder()
            .policy(String.format(POLICY, port, BenchServer.GET, BenchServer.ECHO))
            .build();
  }

  @Override
  public Mono<Integer> get() {
    return streams.exchange("api").map(Payload::size);
  }

  @Override
  public EchoLine echo(byte[] message) {
    Line line = new Line(streams.open("echo"), message);
    line.open();
    return line;
  }

  @Override
  public void close() {
    streams.close();
  }

  /** Sends through the tx sink, which any thread may use. */
  private static final class Line extends EchoLine {

    private final SecureStream stream;
    private final Payload message;
    private final CompletableFuture<Boolean> connected = new CompletableFuture<>();

    Line(SecureStream stream, byte[] message) {
      super(message.length);
      this.stream = stream;
      this.message = Payload.of(message);
    }

    void open() {
      stream.connect();
      stream.events().subscribe(this::happened, connected::completeExceptionally);
      connected.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void happened(StreamEvent event) {
      if (event instanceof PayloadEvent rx) {
        received(rx.payload().size());
      } else if (event instanceof StateEvent state && state.state() == StreamState.CONNECTED) {
        connected.complete(true);
      }
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
