package io.securestreams.bench;

import reactor.core.publisher.Mono;

/** A raw connection on which large transfers are made, one after the other. */
interface ByteLine extends AutoCloseable {

  /** Receives {@link BenchServer#BULK_BYTES}, once subscribed; completes with the last. */
  Mono<Void> receive();

  /**
   * Sends {@link BenchServer#BULK_BYTES}, once subscribed; completes when the peer has the last.
   */
  Mono<Void> send();

  @Override
  void close();
}
