package io.securestreams.examples.files;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers the requests of a listener with the files of a folder. */
final class FileServer {

  private final Folder folder;

  /**
   * A server.
   *
   * @param folder what is served
   */
  FileServer(Folder folder) {
    this.folder = folder;
  }

  /**
   * Serves until it is cancelled.
   *
   * @param server a listener that speaks http
   */
  // region serve
  Mono<Void> serve(StreamServer server) {
    return server.accepted().flatMap(this::serve, Integer.MAX_VALUE).then();
  }

  private Flux<Void> serve(AcceptedStream client) {
    return client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_TXN)
        .flatMap(request -> answer(client));
  }

  // endregion

  /** A client that went away in the middle is not worth a word. */
  private Mono<Void> answer(AcceptedStream client) {
    String method = client.metadata("method").orElse("");
    String path = client.metadata("path").orElse("");
    if (!method.equals("GET") && !method.equals("HEAD")) {
      client.metadata("allow", "GET, HEAD");
      return say(client, 405, "only GET and HEAD\n");
    }
    return Mono.fromCallable(() -> folder.find(path))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(
            found ->
                found
                    .map(file -> send(client, file, method))
                    .orElseGet(() -> say(client, 404, "no such file\n")))
        .onErrorComplete();
  }

  // region send
  private static Mono<Void> send(AcceptedStream client, Folder.Entry file, String method) {
    client.serverAck(200);
    client.metadata("mime", file.mime());
    if (file.size() == 0 || method.equals("HEAD")) {
      client.requestTxLen(file.size());
      return Mono.empty();
    }
    return client.tx().send(FilePieces.of(file.path()), file.size());
  }

  // endregion

  private static Mono<Void> say(AcceptedStream client, int status, String text) {
    client.serverAck(status);
    client.metadata("mime", "text/plain;charset=utf-8");
    return client.tx().send(Payload.utf8(text));
  }
}
