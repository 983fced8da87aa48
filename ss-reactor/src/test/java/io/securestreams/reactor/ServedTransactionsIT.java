package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Clients and servers of this library with each other, where a connection carries many
 * transactions: each of them is an accepted stream.
 */
@ExtendWith(LeakCheck.class)
class ServedTransactionsIT {

  private static final Authority CA = Authority.named("served");

  @RegisterExtension final Stage stage = new Stage();

  private final List<EventLog> logs = new CopyOnWriteArrayList<>();

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Sinks.Empty<Void> both = Sinks.empty();

  /** What client and server speak. */
  private enum Wire {
    H2_WITHOUT_TLS("h2", "", "'h2_prior_knowledge':true,"),
    H2(
        "h2",
        ",'tls':true,'server_cert':'it_cert','server_key':'it_key'",
        "'tls':true,'tls_trust_store':'own',"),
    H3(
        "h3",
        ",'tls':true,'server_cert':'it_cert','server_key':'it_key'",
        "'tls':true,'tls_trust_store':'own',");

    private final String protocol;
    private final String served;
    private final String asked;

    Wire(String protocol, String served, String asked) {
      this.protocol = protocol;
      this.served = served;
      this.asked = asked;
    }
  }

  /** Serves a site, and gives a context with clients of it. */
  private SecureStreams pair(Wire wire) {
    SecureStreams site =
        stage.streams(
            new TestPolicy()
                .identity("it", CA.issue("localhost"))
                .server(
                    "site",
                    wire.protocol,
                    "'metadata':[{'method':'','path':'','q':'','kind':'content-type:'}]"
                        + wire.served));
    StreamServer server = site.serve("site");
    stage.ends(server.accepted().subscribe(this::serve)::dispose);
    int port = ((InetSocketAddress) server.address().block(SOON)).getPort();
    String common =
        wire.asked
            + "'metadata':[{'path':'','kind':'content-type:'}],"
            + "'http_resp_map':[{'404':1404}],";
    return stage.streams(
        new TestPolicy()
            .trust("own", CA)
            .client("get", wire.protocol, port, common + "'http_method':'GET','http_url':'${path}'")
            .client(
                "post", wire.protocol, port, common + "'http_method':'POST','http_url':'echo'"));
  }

  private void serve(AcceptedStream client) {
    Sinks.Many<Payload> echo = Sinks.many().unicast().onBackpressureBuffer();
    logs.add(EventLog.of(client, event -> react(client, echo, event)));
  }

  /** Echoes what is posted, greets who asks for anything else, and does not know "nowhere". */
  private void react(AcceptedStream client, Sinks.Many<Payload> echo, StreamEvent event) {
    if (event instanceof PayloadEvent rx) {
      echo.tryEmitNext(rx.payload()).orThrow();
      if (rx.flags().eom()) {
        echo.tryEmitComplete().orThrow();
      }
    } else if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      String path = client.metadata("path").orElseThrow();
      if (!path.equals("/nowhere")) {
        client.serverAck(0);
      }
      boolean post = client.metadata("method").orElseThrow().equals("POST");
      Mono<Void> answer =
          path.equals("/both")
              ? both.asMono().then(client.tx().send(Payload.utf8("hello")))
              : post ? client.tx().send(echo.asFlux()) : client.tx().send(Payload.utf8("hello"));
      stage.ends(answer.subscribe(sent -> {}, failures::add)::dispose);
    }
  }

  private List<String> words(int stream) {
    return logs.get(stream).all().stream().filter(word -> !word.contains("=")).toList();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Wire.class)
  void aRequestIsAnAcceptedStreamWithItsMetadata(Wire wire) {
    SecureStreams client = pair(wire);

    Payload answer = client.exchange("get", stream -> stream.metadata("path", "a?q=1")).block(SOON);

    assertThat(answer).isEqualTo(Payload.utf8("hello"));
    Stage.await("the end", () -> logs.get(0).all().contains("complete"));
    assertThat(words(0))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_TXN",
            "DISCONNECTED",
            "DESTROYING",
            "complete");
    assertThat(logs.get(0).all()).contains("method=GET", "path=/a", "q=1");
    assertThat(failures).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Wire.class)
  void aLongBodyComesBackWhileItIsSent(Wire wire) {
    SecureStreams client = pair(wire);
    byte[] much = new byte[300 * 1024];
    new Random(1).nextBytes(much);

    Payload answer =
        client
            .exchange("post", Payload.of(much), stream -> stream.metadata("kind", "x/y"))
            .block(SOON);

    assertThat(answer).isEqualTo(Payload.of(much));
    Stage.await("the end", () -> logs.get(0).all().contains("complete"));
    assertThat(words(0))
        .startsWith("CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN")
        .containsOnlyOnce("rx(0,EOM)")
        .endsWith("DISCONNECTED", "DESTROYING", "complete");
    assertThat(logs.get(0).all()).contains("method=POST", "path=/echo", "kind=x/y");
    assertThat(failures).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Wire.class)
  void whatNobodyAcknowledgesIsNotFound(Wire wire) {
    SecureStreams client = pair(wire);
    SecureStream asking = client.open("get").metadata("path", "nowhere");
    stage.ends(asking::destroy);
    List<String> told = new CopyOnWriteArrayList<>();
    asking.events().map(EventLog::text).subscribe(told::add);

    asking.connect();

    Stage.await("the client's end", () -> told.contains("DISCONNECTED"));
    assertThat(told)
        .filteredOn(word -> !word.contains("="))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "1404",
            "CONNECTED",
            "rx(5,SOM)",
            "rx(0,EOM)",
            "QOS_NACK_REMOTE",
            "DISCONNECTED");
    Stage.await("the end", () -> logs.get(0).all().contains("complete"));
    assertThat(words(0)).contains("SERVER_TXN").endsWith("DISCONNECTED", "DESTROYING", "complete");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Wire.class)
  void twoRequestsAtOnceAreTwoStreams(Wire wire) {
    SecureStreams client = pair(wire);
    Mono<Payload> asked = client.exchange("get", stream -> stream.metadata("path", "both"));
    Mono<List<Payload>> answers = Flux.merge(asked, asked).collectList().cache();
    stage.ends(answers.subscribe()::dispose);

    // Neither is answered before both are there.
    Stage.await(
        "both",
        () -> logs.size() == 2 && logs.stream().allMatch(log -> log.all().contains("SERVER_TXN")));
    both.tryEmitEmpty().orThrow();

    assertThat(answers.block(SOON)).containsExactly(Payload.utf8("hello"), Payload.utf8("hello"));
    for (EventLog log : logs) {
      Stage.await("the end", () -> log.all().contains("complete"));
      assertThat(log.all()).containsOnlyOnce("SERVER_TXN");
    }
    assertThat(failures).isEmpty();
  }
}
