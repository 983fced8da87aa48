package io.securestreams.examples.server;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import reactor.core.Disposable;

/** One listener for http requests and WebSocket messages, asked by the clients of the JDK. */
public final class ServerExample {

  private ServerExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(ServerExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      StreamServer server = streams.serve("site");
      Disposable serving =
          server
              .accepted()
              .flatMap(client -> client.events().doOnNext(event -> answer(client, event)))
              .subscribe(event -> {}, Throwable::printStackTrace);
      InetSocketAddress address = (InetSocketAddress) server.address().toFuture().join();
      out.println("http said: " + askHttp(address.getPort()));
      out.println("WebSocket said: " + askWebSocket(address.getPort()));
      serving.dispose();
    }
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(200);
      client.metadata("mime", "text/plain");
      String name = client.metadata("name").orElse("stranger");
      client.tx().tryEmitNext(Payload.utf8("hello " + name)).orThrow();
    } else if (event instanceof PayloadEvent rx) {
      Payload reply = Payload.utf8("you said " + rx.payload().utf8());
      client.tx().tryEmitNext(reply).orThrow();
    }
  }

  private static String askHttp(int port) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/greeting?name=reader");
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .join()
        .body();
  }

  private static String askWebSocket(int port) {
    CompletableFuture<String> reply = new CompletableFuture<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("chat")
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), new FirstText(reply))
            .join();
    return socket.sendText("good day", true).thenCompose(sent -> reply).join();
  }

  /** Takes the first message of a JDK WebSocket. */
  private record FirstText(CompletableFuture<String> reply) implements WebSocket.Listener {

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      reply.complete(data.toString());
      return reply;
    }
  }
}
