package io.securestreams.examples.dashboard;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** Stands for somebody far away who tells prices; it can close and open again. */
final class Exchange implements DisposableBean {

  private final SecureStreams streams;
  private final Disposable.Swap serving = Disposables.swap();
  private final Flux<Payload> prices =
      Flux.interval(Duration.ofMillis(100))
          .scan(100.0, (price, tick) -> price * ThreadLocalRandom.current().nextDouble(0.99, 1.01))
          .map(price -> Payload.utf8(String.format(Locale.ROOT, "%.2f", price)))
          .share();

  Exchange(SecureStreams streams) {
    this.streams = streams;
    open();
  }

  /** Opens its listener. */
  void open() {
    serving.update(
        streams
            .serve("exchange")
            .accepted()
            .flatMap(this::quote)
            .subscribe(sent -> {}, Throwable::printStackTrace));
  }

  /** Closes its listener, and parts from its clients. */
  void close() {
    serving.update(Disposables.disposed());
  }

  /** Ends with the client: a message that could not be sent says that it has gone. */
  private Flux<Void> quote(AcceptedStream client) {
    return client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_UPGRADE)
        .switchMap(upgraded -> prices)
        .onBackpressureLatest()
        .concatMap(price -> client.tx().send(price))
        .onErrorComplete();
  }

  @Override
  public void destroy() {
    serving.dispose();
  }
}
