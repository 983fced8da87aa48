package io.securestreams.bench;

import reactor.core.publisher.Mono;

/** A client of the benchmark server, as one of the columns has it. */
interface Contender extends AutoCloseable {

  /**
   * One GET, once subscribed; gives the number of bytes of the body.
   *
   * @param wire what it goes over
   */
  Mono<Integer> get(Wire wire);

  /** Receives a large body over h1, once subscribed; gives the number of its bytes. */
  Mono<Long> download();

  /** Sends a large body over h1, once subscribed; gives the number of bytes that the server got. */
  Mono<Long> upload();

  /**
   * Opens a WebSocket to the echo.
   *
   * @param message what each round trip carries
   */
  EchoLine echo(byte[] message);

  /** Opens a connection to the raw service. */
  default ByteLine bytes() {
    throw new UnsupportedOperationException("has no raw connections");
  }

  @Override
  void close();
}
