package io.securestreams.examples.echo;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.TxSink;
import java.io.PrintStream;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends three messages over a WebSocket and takes them back, as one Flux. */
public final class EchoExample {

  private EchoExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(EchoExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      Disposable server = serve(streams);
      List<String> echoes =
          streams
              .receive("echo", stream -> send(stream.tx(), "one", "two", "three"))
              .map(Payload::utf8)
              .doOnNext(text -> out.println("came back: " + text))
              .take(3)
              .collectList()
              .toFuture()
              .join();
      out.println(echoes.size() + " of 3 messages came back");
      server.dispose();
    }
  }

  /** Messages may be given at any time: those that come early wait for the connection. */
  private static void send(TxSink tx, String... texts) {
    for (String text : texts) {
      tx.tryEmitNext(Payload.utf8(text)).orThrow();
    }
  }

  private static Disposable serve(SecureStreams streams) {
    return streams
        .serve("echo_srv")
        .accepted()
        .flatMap(EchoExample::echo)
        .subscribe(nothing -> {}, Throwable::printStackTrace);
  }

  /** Every piece goes back, and the next one is read only when the last was written. */
  private static Mono<Void> echo(AcceptedStream client) {
    Flux<PayloadEvent> pieces = client.events().ofType(PayloadEvent.class);
    return pieces.concatMap(piece -> client.tx().send(piece.payload()), 1).then().onErrorComplete();
  }
}
