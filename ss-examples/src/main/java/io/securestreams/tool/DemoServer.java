package io.securestreams.tool;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.net.SocketAddress;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The server of the tour: one listener that answers https and echoes WebSocket messages. */
final class DemoServer {

  private final StreamServer server;

  private DemoServer(StreamServer server) {
    this.server = server;
  }

  /** Opens the listener of the stream type {@code site}. */
  static DemoServer start(SecureStreams streams, Consumer<Throwable> failures) {
    StreamServer server = streams.serve("site");
    server
        .accepted()
        .flatMap(DemoServer::answer, Integer.MAX_VALUE)
        .subscribe(answered -> {}, failures);
    return new DemoServer(server);
  }

  Mono<SocketAddress> address() {
    return server.address();
  }

  /** Closes the listener and every connection. */
  Mono<Void> stop() {
    server.destroy();
    return server.states().then();
  }

  private static Flux<StreamEvent> answer(AcceptedStream client) {
    Client answers = new Client(client);
    return client.events().doOnNext(answers::see);
  }

  /** What one client is told. */
  private static final class Client {

    private final AcceptedStream stream;
    private String path = "";
    private boolean webSocket;

    Client(AcceptedStream stream) {
      this.stream = stream;
    }

    void see(StreamEvent event) {
      if (event instanceof MetadataEvent metadata && metadata.name().equals("path")) {
        path = metadata.value();
      } else if (event instanceof StateEvent state) {
        see(state.state());
      } else if (event instanceof PayloadEvent rx && webSocket) {
        stream.tx().tryEmitNext(rx.payload()).orThrow();
      }
    }

    private void see(StreamState state) {
      if (state == StreamState.SERVER_UPGRADE) {
        webSocket = true;
      } else if (state == StreamState.SERVER_TXN) {
        stream.serverAck(0);
        stream.metadata("mime", "text/plain");
        stream.tx().tryEmitNext(Payload.utf8("this is " + path)).orThrow();
      }
    }
  }
}
