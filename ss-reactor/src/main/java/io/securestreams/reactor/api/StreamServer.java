package io.securestreams.reactor.api;

import io.securestreams.core.event.StateEvent;
import java.net.SocketAddress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A listener of a stream type with {@code "server": true}. */
public interface StreamServer {

  /** The stream type. */
  String streamType();

  /**
   * The accepted streams.
   *
   * <p><b>Shape</b>: one subscriber; subscribing binds, cancelling closes the listener and all
   * accepted streams. Without demand no connection is accepted. An accepted stream whose events
   * nobody subscribes within 15 s is closed. Completes when the listener was destroyed.
   *
   * <p><b>Errors</b>: a bind failure; an unknown stream type, or one that is no server.
   */
  Flux<AcceptedStream> accepted();

  /** The bound address, as soon as there is one; with the real port for port 0. */
  Mono<SocketAddress> address();

  /** The listener's own states: CREATING, TIMEOUT, DESTROYING; hot, the latest replayed. */
  Flux<StateEvent> states();

  /** Closes the listener and all accepted streams: they see DISCONNECTED, DESTROYING. */
  void destroy();
}
