package io.securestreams.examples.webflux;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The peer of the example: counts for everyone who connects. */
final class Ticker implements DisposableBean {

  private final Disposable serving;

  Ticker(SecureStreams streams) {
    serving =
        streams
            .serve("feed_srv")
            .accepted()
            .flatMap(Ticker::count)
            .subscribe(sent -> {}, Throwable::printStackTrace);
  }

  /** Ends with the client: a message that could not be sent says that it has gone. */
  private static Flux<Void> count(AcceptedStream client) {
    return client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_UPGRADE)
        .switchMap(upgraded -> Flux.interval(Duration.ZERO, Duration.ofMillis(200)))
        .onBackpressureDrop()
        .concatMap(tick -> client.tx().send(Payload.utf8("tick " + tick)))
        .onErrorComplete();
  }

  @Override
  public void destroy() {
    serving.dispose();
  }
}
