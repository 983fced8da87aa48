package io.securestreams.examples.events;

import io.securestreams.core.event.Payload;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A clock that everybody may listen to, as server-sent events; two clients come and go. */
public final class EventsExample {

  private EventsExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(EventsExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      Flux<String> clock = Flux.interval(Duration.ofMillis(100)).map(t -> "tick " + t).share();
      Sinks.Many<Integer> audience = Sinks.many().replay().all();
      EventServer events =
          new EventServer(
              clock,
              n ->
                  audience.emitNext(
                      n, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1))));
      Disposable serving =
          events.serve(streams.serve("ticks_srv")).subscribe(end -> {}, Throwable::printStackTrace);

      CompletableFuture<List<String>> second = listen(streams, 6);
      audience.asFlux().next().toFuture().join();
      CompletableFuture<List<String>> first = listen(streams, 2);
      out.println("one client took " + first.join().size() + " events and went away");
      out.println("the other took " + second.join().size() + " events");
      List<Integer> numbers = audience.asFlux().take(4).collectList().toFuture().join();
      out.println("the server knew how many listened: " + numbers);
      serving.dispose();
    }
  }

  /** Where a piece of an answer ends means nothing; an event ends with an empty line. */
  private static CompletableFuture<List<String>> listen(SecureStreams streams, int count) {
    return streams
        .receive("ticks")
        .map(Payload::utf8)
        .bufferUntil(piece -> piece.endsWith("\n\n"))
        .map(pieces -> String.join("", pieces).strip())
        .take(count)
        .collectList()
        .toFuture();
  }
}
