package io.securestreams.examples.dashboard;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.reactor.SecureStreams;
import java.util.Optional;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The prices of a stream, one connection for all who want to know them. */
final class Prices {

  private final Sinks.Many<String> states = Sinks.many().replay().latest();
  private final Flux<String> prices;
  private volatile Optional<String> latest = Optional.empty();

  /**
   * The stream is opened when somebody asks for prices, and stays open.
   *
   * @param streams where the stream type {@code prices} is known
   */
  Prices(SecureStreams streams) {
    prices =
        streams
            .receive(
                "prices",
                stream ->
                    stream
                        .states()
                        .map(StateEvent::state)
                        .subscribe(
                            state -> states.tryEmitNext(state.name()), Throwable::printStackTrace))
            .map(Payload::utf8)
            .doOnNext(price -> latest = Optional.of(price))
            .replay(1)
            .autoConnect();
  }

  /** The newest price, if any came yet. */
  Optional<String> latest() {
    return latest;
  }

  /** Prices and states of their stream, for a browser; one that is too slow misses some. */
  Flux<ServerSentEvent<String>> events() {
    return Flux.merge(
        states.asFlux().map(state -> event("state", state)).onBackpressureLatest(),
        prices.map(price -> event("price", price)).onBackpressureLatest());
  }

  private static ServerSentEvent<String> event(String name, String data) {
    return ServerSentEvent.builder(data).event(name).build();
  }
}
