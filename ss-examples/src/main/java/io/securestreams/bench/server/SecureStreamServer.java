package io.securestreams.bench.server;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import reactor.core.publisher.Sinks;

/** Server stream types, used as applications use them. */
final class SecureStreamServer {

  static final int BODY_BYTES = 1024;

  private static final String POLICY =
      """
      {
        "release": "1", "product": "benchmarks", "schema-version": 1,
        "s": [
          {"web": {"endpoint": "127.0.0.1", "port": 0, "protocol": "h1", "server": true,
                   "metadata": [{"mime": "content-type"}]}},
          {"web2": {"endpoint": "127.0.0.1", "port": 0, "protocol": "h2", "server": true,
                   "metadata": [{"mime": "content-type"}]}},
          {"echo": {"endpoint": "127.0.0.1", "port": 0, "protocol": "ws", "server": true,
                   "ws_binary": true}},
          {"feed": {"endpoint": "127.0.0.1", "port": 0, "protocol": "ws", "server": true,
                   "ws_binary": true}}
        ]
      }
      """;

  private static final Payload BODY = Payload.of(new byte[BODY_BYTES]);

  private SecureStreamServer() {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    SecureStreams streams = SecureStreams.builder().policy(POLICY).build();
    Parent.serve(
        new Ports(
            serve(streams, "web"), serve(streams, "web2"), serve(streams, "echo"), feed(streams)));
  }

  /** What any client sends goes to all of them. */
  private static int feed(SecureStreams streams) {
    StreamServer server = streams.serve("feed");
    Sinks.Many<Payload> messages = Sinks.many().multicast().directBestEffort();
    server.broadcast(messages.asFlux()).subscribe(nothing -> {}, Throwable::printStackTrace);
    server
        .accepted()
        .flatMap(SecureStream::events, Integer.MAX_VALUE)
        .ofType(PayloadEvent.class)
        .subscribe(
            event -> messages.tryEmitNext(event.payload()).orThrow(), Throwable::printStackTrace);
    return port(server);
  }

  private static int serve(SecureStreams streams, String type) {
    StreamServer server = streams.serve(type);
    server
        .accepted()
        .subscribe(
            client ->
                client
                    .events()
                    .subscribe(event -> answer(client, event), Throwable::printStackTrace),
            Throwable::printStackTrace);
    return port(server);
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().toFuture().join()).getPort();
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(200);
      client.metadata("mime", "text/plain");
      client.tx().tryEmitNext(BODY).orThrow();
    } else if (event instanceof PayloadEvent rx) {
      client.tx().tryEmitNext(rx.payload()).orThrow();
    }
  }
}
