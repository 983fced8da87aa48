package io.securestreams.bench;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;

/** Messages from a stream to the local sink that it is joined to. */
final class LocalSinkLine extends EchoLine {

  private static final String POLICY =
      """
      {
        "release": "1", "product": "benchmarks", "schema-version": 1,
        "s": [{"messages": {"local_sink": true}}]
      }
      """;

  private final SecureStreams streams = SecureStreams.builder().policy(POLICY).build();
  private final SecureStream source;
  private final Payload message;

  LocalSinkLine(byte[] message) {
    super(message.length);
    this.message = Payload.of(message);
    streams
        .sink("messages")
        .accepted()
        .flatMap(SecureStream::events)
        .ofType(PayloadEvent.class)
        .subscribe(event -> received(event.payload().size()), Throwable::printStackTrace);
    source = streams.open("messages");
    source.events().subscribe(event -> {}, Throwable::printStackTrace);
  }

  @Override
  void begin(Runnable sends) {
    sends.run();
  }

  @Override
  void send() {
    source.tx().tryEmitNext(message).orThrow();
  }

  @Override
  public void close() {
    streams.close();
  }
}
