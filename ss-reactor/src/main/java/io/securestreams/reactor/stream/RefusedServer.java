package io.securestreams.reactor.stream;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.net.SocketAddress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A listener that cannot be: its accepted streams are the error that says why.
 *
 * @param streamType the stream type asked for
 * @param reason why there is no such listener, and the way out
 */
public record RefusedServer(String streamType, PolicyException reason) implements StreamServer {

  @Override
  public Flux<AcceptedStream> accepted() {
    return Flux.error(reason);
  }

  @Override
  public Mono<SocketAddress> address() {
    return Mono.error(reason);
  }

  @Override
  public Flux<StateEvent> states() {
    return Flux.error(reason);
  }

  @Override
  public void destroy() {
    // There is nothing to destroy.
  }
}
