package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Whole streams over the local transport, with virtual time. */
class LocalStreamsTest {

  private static final String POLICY =
      """
      {"retry":[{"r2":{"backoff":[200],"conceal":2,"jitterpc":20}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r2"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "opportunistic":true,"retry":"r2"}},
       {"echo":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"r2"}},
       {"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
                "metadata":[{"method":"","path":""}]}}
       ]}
      """;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final LocalTransport transport = LocalTransport.create();
  private final SecureStreams streams =
      SecureStreams.builder().policy(POLICY).transport(transport).scheduler(time).build();

  @AfterEach
  void leavesNothingOpen() {
    streams.close();
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void getsABody() {
    serve();

    StepVerifier.create(streams.exchange("get").map(Payload::utf8))
        .expectNext("hello")
        .verifyComplete();
  }

  @Test
  void postsABodyAndGetsItBack() {
    serve();

    StepVerifier.create(streams.exchange("post", Payload.utf8("abcde")).map(Payload::utf8))
        .expectNext("abcde")
        .verifyComplete();
  }

  @Test
  void reportsTheStatesOfAGetInOrder() {
    serve();
    List<String> seen = new ArrayList<>();
    SecureStream stream = streams.open("get");
    stream.events().subscribe(event -> seen.add(text(event)));

    stream.connect();

    assertThat(seen)
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "rx(5,SOM)",
            "rx(0,EOM)",
            "QOS_ACK_REMOTE",
            "DISCONNECTED");
  }

  @Test
  void echoesOverWebSocketAndComesBackAfterADrop() {
    List<AcceptedStream> accepted = serve();
    List<String> seen = new ArrayList<>();
    SecureStream stream = streams.open("echo");
    stream.events().subscribe(event -> seen.add(text(event)));
    stream.tx().tryEmitNext(Payload.utf8("ping"));

    accepted.get(0).destroy();
    time.advanceTimeBy(Duration.ofMillis(240));
    stream.tx().tryEmitNext(Payload.utf8("again"));

    assertThat(seen)
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "rx(4,SOM|EOM)",
            "DISCONNECTED",
            "POLL",
            "CONNECTING",
            "CONNECTED",
            "rx(5,SOM|EOM)");
  }

  @Test
  void givesUpAfterTheConcealedAttempts() {
    List<StreamState> seen = new ArrayList<>();
    streams.events("get", SecureStream::connect).subscribe(event -> seen.add(state(event)));

    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(seen)
        .containsExactly(
            StreamState.CREATING,
            StreamState.CONNECTING,
            StreamState.UNREACHABLE,
            StreamState.POLL,
            StreamState.CONNECTING,
            StreamState.UNREACHABLE,
            StreamState.POLL,
            StreamState.CONNECTING,
            StreamState.UNREACHABLE,
            StreamState.ALL_RETRIES_FAILED);
  }

  @Test
  void failsAnExchangeWithTheKindOfTheLastFailure() {
    transport.failNext(FailureKind.DNS).failNext(FailureKind.DNS).failNext(FailureKind.TLS_EXPIRED);

    StepVerifier.create(streams.exchange("get"))
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
        .verifyErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOfSatisfying(
                        StreamFailedException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TLS_EXPIRED)));
  }

  @Test
  void completesTheEventsAfterDestroying() {
    serve();

    SecureStream stream = streams.open("echo");
    StepVerifier.create(stream.events().map(LocalStreamsTest::text), 3)
        .expectNext("CREATING", "CONNECTING", "CONNECTED")
        .then(stream::destroy)
        .thenRequest(2)
        .expectNext("DISCONNECTED", "DESTROYING")
        .verifyComplete();
  }

  private List<AcceptedStream> serve() {
    List<AcceptedStream> accepted = new ArrayList<>();
    streams
        .serve("site")
        .accepted()
        .subscribe(
            client -> {
              accepted.add(client);
              client.events().subscribe(event -> answer(client, event));
            });
    return accepted;
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(0);
      if (client.metadata("method").orElse("").equals("GET")) {
        client.tx().tryEmitNext(Payload.utf8("hello"));
      }
    } else if (event instanceof PayloadEvent rx && !rx.payload().isEmpty()) {
      client.tx().tryEmitNext(rx.payload());
    }
  }

  private static StreamState state(StreamEvent event) {
    return ((StateEvent) event).state();
  }

  private static String text(StreamEvent event) {
    if (event instanceof PayloadEvent rx) {
      return "rx(" + rx.payload().size() + "," + rx.flags() + ")";
    }
    return state(event).name();
  }
}
