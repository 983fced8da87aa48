package io.securestreams.reactor.stream;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.api.TxHandler;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
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
  public List<AcceptedStream> clients() {
    return List.of();
  }

  @Override
  public Mono<Void> broadcast(Publisher<Payload> messages, SlowConsumer slow) {
    return Mono.error(reason);
  }

  @Override
  public void changeHandlers(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    // accepted() tells why nothing happens.
  }

  @Override
  public Mono<Void> closeGracefully(Duration limit) {
    return Mono.empty();
  }

  @Override
  public void destroy() {
    // There is nothing to destroy.
  }
}
