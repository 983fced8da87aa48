package io.securestreams.bench;

import reactor.core.publisher.Mono;

/** A client of the benchmark server, as one of the columns has it. */
interface Contender extends AutoCloseable {

  /** One GET, once subscribed; gives the number of bytes of the body. */
  Mono<Integer> get();

  /**
   * Opens a WebSocket to the echo.
   *
   * @param message what each round trip carries
   */
  EchoLine echo(byte[] message);

  @Override
  void close();
}
