package io.securestreams.tool;

import io.securestreams.reactor.api.SecureStream;
import reactor.core.publisher.Flux;

/** What a stream sees and what it sends, in one order. */
final class Timeline {

  private Timeline() {}

  /**
   * Adds the messages handed to the connection to the events of a stream.
   *
   * @param seen the stream's events; subscribed once
   * @param stream the stream
   * @param number its number in the output
   */
  static Flux<Happening> of(
      Flux<Happening> seen, SecureStream stream, int number, Stopwatch watch) {
    Flux<Happening> sent =
        stream
            .tx()
            .asFlux()
            .<Happening>index(
                (ordinal, payload) ->
                    new Happening.Sent(watch.millis(), number, ordinal, payload.size()))
            // The merge may be busy with what is seen, however often that makes somebody send.
            .onBackpressureBuffer();
    return seen.publish(shared -> Flux.merge(sent.takeUntilOther(shared.ignoreElements()), shared));
  }
}
