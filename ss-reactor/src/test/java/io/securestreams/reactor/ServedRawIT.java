package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Servers of byte streams, and servers at Unix domain sockets, from the policy to the application.
 */
@ExtendWith(LeakCheck.class)
class ServedRawIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static SecureStreams streams(String policy) {
    return SecureStreams.builder().policy(policy.replace('\'', '"')).build();
  }

  @Test
  void eachConnectionIsAStreamOfBytes() {
    try (SecureStreams streams =
        streams(
            "{'s':[{'bytes':{'server':true,'endpoint':'127.0.0.1','port':0,'protocol':'raw'}}]}")) {
      StreamServer server = streams.serve("bytes");
      Mono<List<StreamEvent>> life =
          server
              .accepted()
              .flatMap(
                  client ->
                      client
                          .events()
                          .doOnNext(
                              event -> {
                                if (event instanceof PayloadEvent payload) {
                                  client.tx().tryEmitNext(payload.payload()).orThrow();
                                }
                              })
                          .collectList())
              .next()
              .cache();
      Disposable serving = life.subscribe();
      int port = ((InetSocketAddress) server.address().block(SOON)).getPort();
      try (RawClient client = RawClient.to(port).send("hello")) {
        assertThat(client.body(5)).isEqualTo("hello");
      }

      List<StreamEvent> events = life.block(SOON);
      assertThat(events)
          .filteredOn(StateEvent.class::isInstance)
          .extracting(event -> ((StateEvent) event).state())
          .containsExactly(
              StreamState.CREATING,
              StreamState.CONNECTING,
              StreamState.CONNECTED,
              StreamState.DISCONNECTED,
              StreamState.DESTROYING);
      assertThat(events)
          .filteredOn(PayloadEvent.class::isInstance)
          .extracting(event -> ((PayloadEvent) event).flags())
          .containsExactly(MessageFlags.NONE);
      serving.dispose();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"raw,raw", "ws,ws"})
  void echoesOverAUnixSocket(String ofServer, String ofClient, @TempDir Path directory) {
    String place = "'endpoint':'+" + directory.resolve("socket") + "'";
    try (SecureStreams streams =
        streams(
            "{'retry':[{'r':{'backoff':[100],'conceal':1}}],'s':[{'there':{'server':true,"
                + place
                + ",'protocol':'"
                + ofServer
                + "'}},{'here':{'nailed_up':true,'retry':'r',"
                + place
                + ",'protocol':'"
                + ofClient
                + "'}}]}")) {
      StreamServer server = streams.serve("there");
      Disposable serving =
          server.accepted().flatMap(ServedRawIT::echo).subscribe(done -> {}, failed -> {});
      server.address().block(SOON);

      var stream = streams.open("here");
      Mono<Payload> answer =
          stream
              .events()
              .ofType(PayloadEvent.class)
              .filter(event -> event.payload().size() > 0)
              .map(PayloadEvent::payload)
              .next();
      assertThat(stream.tx().tryEmitNext(Payload.utf8("hello")).isSuccess()).isTrue();
      assertThat(answer.block(SOON)).isEqualTo(Payload.utf8("hello"));
      serving.dispose();
    }
  }

  private static Mono<Void> echo(AcceptedStream client) {
    return client
        .events()
        .ofType(PayloadEvent.class)
        .doOnNext(event -> client.tx().tryEmitNext(event.payload()))
        .then();
  }
}
