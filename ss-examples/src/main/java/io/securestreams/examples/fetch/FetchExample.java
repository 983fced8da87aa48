package io.securestreams.examples.fetch;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import reactor.core.Disposable;

/**
 * Asks an https server that is not there yet. The policy says how patiently; the code asks once.
 */
public final class FetchExample {

  private FetchExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(FetchExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      CompletableFuture<StateEvent> failed = new CompletableFuture<>();
      CompletableFuture<Payload> answer =
          streams.exchange("item", request -> prepare(request, failed)).toFuture();

      out.println("there is no server: " + failed.join().state());
      Disposable server = serve(streams);
      out.println("the server came and said: " + answer.join().utf8());
      server.dispose();
    }
  }

  private static void prepare(SecureStream request, CompletableFuture<StateEvent> failed) {
    request.metadata("id", "42");
    request
        .states()
        .filter(event -> event.state() == StreamState.UNREACHABLE)
        .subscribe(failed::complete);
  }

  private static Disposable serve(SecureStreams streams) {
    return streams
        .serve("shop")
        .accepted()
        .flatMap(client -> client.events().doOnNext(event -> answer(client, event)))
        .subscribe(event -> {}, Throwable::printStackTrace);
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(200);
      client.metadata("mime", "text/plain");
      client.tx().tryEmitNext(Payload.utf8(client.metadata("path").orElse("?"))).orThrow();
    }
  }
}
