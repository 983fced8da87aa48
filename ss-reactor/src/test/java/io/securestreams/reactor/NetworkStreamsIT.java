package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** Client and server streams of one policy over real sockets. */
class NetworkStreamsIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String POLICY =
      """
      {"s":[
       {"get":{"endpoint":"127.0.0.1:${port}","port":1,"protocol":"h1","http_method":"GET",
               "http_url":"x","opportunistic":true,"metadata":[{"port":""}]}},
       {"none":{"endpoint":"127.0.0.1:${port}","port":1,"protocol":"h1","http_method":"GET",
               "http_url":"none","opportunistic":true,"metadata":[{"port":""}]}},
       {"post":{"endpoint":"127.0.0.1:${port}","port":1,"protocol":"h1","http_method":"POST",
               "http_url":"x","opportunistic":true,"metadata":[{"port":""}]}},
       {"echo":{"endpoint":"127.0.0.1:${port}","port":1,"protocol":"ws","nailed_up":true,
                "ws_subprotocol":"p","metadata":[{"port":""}]}},
       {"site":{"server":true,"endpoint":"127.0.0.1","port":0,"protocol":"h1","ws_subprotocol":"p",
                "metadata":[{"method":"","path":""}]}}
       ]}
      """;

  private final SecureStreams streams = SecureStreams.builder().policy(POLICY).build();
  private final StreamServer server = streams.serve("site");
  private final Disposable serving =
      server
          .accepted()
          .subscribe(client -> client.events().subscribe(event -> answer(client, event)));

  @AfterEach
  void close() {
    serving.dispose();
    streams.close();
  }

  @Test
  void getsABodyOverH1() {
    String port = port();
    StepVerifier.create(
            streams
                .exchange("get", stream -> stream.metadata("port", port))
                .map(Payload::utf8)
                .repeat(2))
        .expectNext("hello", "hello", "hello")
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void getsAnAnswerWithoutABodyOnAKeptConnection() {
    String port = port();
    StepVerifier.create(
            streams
                .exchange("none", stream -> stream.metadata("port", port))
                .map(Payload::size)
                .repeat(2))
        .expectNext(0, 0, 0)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void postsABodyOverH1AndGetsItBack() {
    String port = port();
    StepVerifier.create(
            streams
                .exchange("post", Payload.utf8("abcde"), stream -> stream.metadata("port", port))
                .map(Payload::utf8))
        .expectNext("abcde")
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void echoesMessagesOverWebSocket() {
    String port = port();
    StepVerifier.create(
            streams
                .receive(
                    "echo",
                    stream -> {
                      stream.metadata("port", port);
                      stream.tx().tryEmitNext(Payload.utf8("one"));
                      stream.tx().tryEmitNext(Payload.utf8("two"));
                    })
                .map(Payload::utf8)
                .take(2))
        .expectNext("one", "two")
        .expectComplete()
        .verify(LIMIT);
    assertThat(streams.openStreams()).isPositive();
  }

  private String port() {
    InetSocketAddress address = (InetSocketAddress) server.address().block(LIMIT);
    return Integer.toString(address == null ? 0 : address.getPort());
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(0);
      if (client.metadata("path").orElse("").equals("/none")) {
        client.tx().tryEmitNext(Payload.empty());
      } else if (client.metadata("method").orElse("").equals("GET")) {
        client.tx().tryEmitNext(Payload.utf8("hello"));
      }
    } else if (event instanceof PayloadEvent rx && !rx.payload().isEmpty()) {
      client.tx().tryEmitNext(rx.payload());
    }
  }
}
