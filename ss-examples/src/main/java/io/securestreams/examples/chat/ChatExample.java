package io.securestreams.examples.chat;

import io.securestreams.core.event.Payload;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.api.TxSink;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A chat for browsers; here two secure streams talk in it. */
public final class ChatExample {

  private ChatExample() {}

  /**
   * Runs the example.
   *
   * @param args {@code serve} keeps the chat open for browsers until the process is interrupted
   */
  public static void main(String[] args) {
    run(System.out, List.of(args).contains("serve"));
  }

  static void run(PrintStream out, boolean stay) {
    LocalPolicy policy = LocalPolicy.load(ChatExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      StreamServer server = streams.serve("chat_srv");
      CompletableFuture<Void> end = new CompletableFuture<>();
      Disposable serving =
          new ChatServer()
              .serve(server)
              .subscribe(nothing -> {}, end::completeExceptionally, () -> end.complete(null));
      server.address().toFuture().join();
      if (stay) {
        out.println("open http://127.0.0.1:" + policy.port() + "/ in a browser, or in two");
        end.join();
      }
      talk(streams, out);
      serving.dispose();
    }
  }

  /** Ann greets who comes, and Bob answers; told as Ann receives it. */
  private static void talk(SecureStreams streams, PrintStream out) {
    CompletableFuture<String> annIsIn = new CompletableFuture<>();
    Disposable bob =
        Mono.fromFuture(annIsIn)
            .thenMany(member(streams, "Bob", "hello Bob", "hello Ann"))
            .subscribe(text -> {}, Throwable::printStackTrace);
    member(streams, "Ann", "\"came\",\"name\":\"Bob\"", "hello Bob")
        .doOnNext(annIsIn::complete)
        .doOnNext(out::println)
        .takeUntil(text -> text.contains("hello Ann"))
        .then()
        .toFuture()
        .join();
    bob.dispose();
  }

  /** Somebody who answers one thing with another. */
  private static Flux<String> member(
      SecureStreams streams, String name, String what, String answer) {
    CompletableFuture<TxSink> tx = new CompletableFuture<>();
    return streams
        .receive("chat", stream -> tx.complete(stream.metadata("name", name).tx()))
        .map(Payload::utf8)
        .doOnNext(
            text -> {
              if (text.contains(what)) {
                tx.join().tryEmitNext(Payload.utf8(answer)).orThrow();
              }
            });
  }
}
