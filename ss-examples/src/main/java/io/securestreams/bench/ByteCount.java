package io.securestreams.bench;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Counts bytes that come in until an expected number is there. */
final class ByteCount {

  private volatile Sinks.Empty<Void> waiting = Sinks.empty();
  private volatile long missing;

  /** Expects so many from now on; completes with the last. */
  Mono<Void> expect(long bytes) {
    Sinks.Empty<Void> done = Sinks.empty();
    missing = bytes;
    waiting = done;
    return done.asMono();
  }

  /** To be called for everything that came, on one thread. */
  void add(int bytes) {
    long rest = missing - bytes;
    missing = rest;
    if (rest == 0) {
      waiting.tryEmitEmpty();
    } else if (rest < 0) {
      waiting.tryEmitError(new IllegalStateException(-rest + " bytes more than expected"));
    }
  }
}
