package io.securestreams.examples.events;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.util.Set;
import java.util.function.IntConsumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers every request for {@code /events} with all that happens from then on. Source: Server-sent
 * events in the HTML standard.
 */
final class EventServer {

  private static final Set<String> REQUESTS = Set.of("GET/events", "HEAD/events");

  private final Flux<Payload> events;
  private final IntConsumer audience;
  private int listening;

  /**
   * A server.
   *
   * @param news one line each; hot, subscribed once for every client
   * @param audience told how many clients listen, whenever that changes
   */
  EventServer(Flux<String> news, IntConsumer audience) {
    this.events = news.map(line -> Payload.utf8("data: " + line + "\n\n"));
    this.audience = audience;
  }

  /**
   * Serves until it is cancelled.
   *
   * @param server a listener that speaks http
   */
  Mono<Void> serve(StreamServer server) {
    return server.accepted().flatMap(this::serve, Integer.MAX_VALUE).then();
  }

  private Flux<Void> serve(AcceptedStream client) {
    return client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_TXN)
        .flatMap(request -> answer(client).onErrorComplete());
  }

  private Mono<Void> answer(AcceptedStream client) {
    String request = client.metadata("method").orElse("") + client.metadata("path").orElse("");
    if (!REQUESTS.contains(request)) {
      client.requestTxLen(0); // and without serverAck: 404
      return Mono.empty();
    }
    client.serverAck(200);
    client.metadata("mime", "text/event-stream");
    client.metadata("cache", "no-store");
    // A message without a length and without an end. A client that reads too slowly misses events
    // rather than have them pile up here; one that goes away ends the send.
    return client
        .tx()
        .send(events.onBackpressureLatest())
        .doOnSubscribe(begin -> changed(1))
        .doFinally(end -> changed(-1));
  }

  /** Numbers are told in the order in which they were true. */
  private synchronized void changed(int by) {
    listening += by;
    audience.accept(listening);
  }
}
