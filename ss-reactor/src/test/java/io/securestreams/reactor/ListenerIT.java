package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Listeners: from binding to the end of the last client. */
@ExtendWith(LeakCheck.class)
class ListenerIT {

  private static final String REQUEST = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

  @RegisterExtension final Stage stage = new Stage();

  private final List<EventLog> logs = new CopyOnWriteArrayList<>();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"destroy", "cancel", "close"})
  void theEndOfAListenerIsTheEndOfItsClients(String way) {
    // Given
    SecureStreams streams = stage.streams(policy(0));
    StreamServer server = streams.serve("site");
    List<String> states = new CopyOnWriteArrayList<>();
    server.states().map(event -> event.state().name()).subscribe(states::add);
    Disposable serving = server.accepted().subscribe(this::answer);
    RawClient client = stage.with(RawClient.to(port(server)));
    assertThat(client.send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
    client.body(5);

    // When
    switch (way) {
      case "destroy" -> server.destroy();
      case "cancel" -> serving.dispose();
      default -> streams.close();
    }

    // Then
    assertThat(client.read()).isEqualTo(-1);
    Stage.await("the end", () -> logs.get(0).all().contains("complete"));
    assertThat(logs.get(0).all())
        .filteredOn(word -> !word.contains("="))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_TXN",
            "DISCONNECTED",
            "DESTROYING",
            "complete");
    Stage.await("the listener's end", () -> states.contains("DESTROYING"));
    assertThat(states).containsExactly("CREATING", "DESTROYING");
    int port = port(server);
    // The socket closes on its event loop, a moment after the state.
    Stage.await("the closed port", () -> refuses(port));
  }

  private static boolean refuses(int port) {
    try (RawClient accepted = RawClient.to(port)) {
      return accepted == null;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  @Test
  void aClientThatNeverSpokeEndsWithItsListener() {
    // Given
    StreamServer server = stage.streams(policy(0)).serve("site");
    server.accepted().subscribe(this::answer);
    RawClient client = stage.with(RawClient.to(port(server)));
    Stage.await("the client", () -> logs.size() == 1);

    // When
    server.destroy();

    // Then
    assertThat(client.read()).isEqualTo(-1);
    Stage.await("the end", () -> logs.get(0).all().contains("complete"));
    assertThat(logs.get(0).all())
        .containsExactly("CREATING", "CONNECTING", "DESTROYING", "complete");
  }

  @Test
  void aPortThatIsTakenIsAnErrorOfTheAcceptedStreams() {
    // Given
    StreamServer first = stage.streams(policy(0)).serve("site");
    stage.ends(first.accepted().subscribe(this::answer)::dispose);

    // When
    StreamServer second = stage.streams(policy(port(first))).serve("site");

    // Then
    StepVerifier.create(second.accepted())
        .expectErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOfSatisfying(
                        LinkException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONNECT)))
        .verify(SOON);
    StepVerifier.create(second.address()).expectError(LinkException.class).verify(SOON);
  }

  @Test
  void clientsWaitUntilSomebodyAsksForThem() {
    // Given
    StreamServer server = stage.streams(policy(0)).serve("site");
    BaseSubscriber<AcceptedStream> serving =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            // Nothing is asked for yet.
          }

          @Override
          protected void hookOnNext(AcceptedStream client) {
            answer(client);
          }
        };
    server.accepted().subscribe(serving);
    stage.ends(serving::dispose);
    int port = port(server);
    List<RawClient> clients =
        Flux.range(0, 5)
            .map(i -> stage.with(RawClient.to(port)).send(REQUEST))
            .collectList()
            .block();

    // When
    serving.request(5);

    // Then
    for (RawClient client : clients) {
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
    }
    assertThat(logs).hasSize(5);
  }

  @Test
  void aClientWhoseEventsNobodySubscribesIsClosed() {
    // Given
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    StreamServer server =
        stage.streams(policy(0), builder -> builder.scheduler(time)).serve("site");
    List<AcceptedStream> ignored = new CopyOnWriteArrayList<>();
    stage.ends(server.accepted().subscribe(ignored::add)::dispose);
    RawClient client = stage.with(RawClient.to(port(server)));
    client.send(REQUEST);
    Stage.await("the client", () -> ignored.size() == 1);

    // When
    time.advanceTimeBy(java.time.Duration.ofSeconds(15));

    // Then
    assertThat(client.read()).isEqualTo(-1);
  }

  private void answer(AcceptedStream client) {
    logs.add(
        EventLog.of(
            client,
            event -> {
              if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
                client.serverAck(0);
                client.tx().tryEmitNext(Payload.utf8("hello")).orThrow();
              }
            }));
  }

  private static TestPolicy policy(int port) {
    return new TestPolicy()
        .stream(
            "site",
            "'server':true,'endpoint':'127.0.0.1','port':%d,'protocol':'h1','metadata':[{'method':'','path':''}]"
                .formatted(port));
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }
}
