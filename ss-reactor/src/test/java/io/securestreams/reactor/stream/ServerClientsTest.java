package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

/** All clients of a listener at once: walked, told something, and let go in order. */
class ServerClientsTest {

  private static final String POLICY =
      """
      {"s":[{"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
               "metadata":[{"method":"","path":""}]}}]}
      """;

  @RegisterExtension
  final TestStreams context = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(2));

  private final ScriptedHandler handler = new ScriptedHandler();
  private final StreamServer server = context.streams().serve("site", handler);
  private final TestPublisher<Payload> messages = TestPublisher.create();
  private final List<String> discarded = new ArrayList<>();
  private final TestSubscriber<Void> outcome = TestSubscriber.create();

  // --- walking --------------------------------------------------------------------------------

  @Test
  void walksItsClientsInTheOrderOfTheirArrivalWhileTheyLeave() {
    context.server().connect();
    context.server().connect();
    List<AcceptedStream> clients = server.clients();

    clients.forEach(AcceptedStream::destroy);

    assertThat(clients).hasSize(2).doesNotHaveDuplicates();
    assertThat(server.clients()).isEmpty();
    assertThat(context.server().connect().isAccepted()).isTrue();
    assertThat(server.clients()).hasSize(1).doesNotContainAnyElementsOf(clients);
  }

  // --- broadcasting ---------------------------------------------------------------------------

  @Test
  void tellsEachMessageToThoseWhoAreThereWhenItComes() {
    TestLink early = context.server().connect().upgrades();
    server.broadcast(messages).subscribe(outcome);
    messages.next(Payload.utf8("one"));
    TestLink late = context.server().connect().upgrades();
    early.written(1);

    messages.next(Payload.utf8("two")).complete();

    assertThat(early.sent()).containsExactly("one:SOM|EOM", "two:SOM|EOM");
    assertThat(late.sent()).containsExactly("two:SOM|EOM");
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void leavesThoseOutWhoHoldNoSession() {
    TestLink silent = context.server().connect();
    TestLink asking = context.server().connect().asks("GET");
    server.broadcast(messages).subscribe(outcome);

    messages.next(Payload.utf8("one"));

    assertThat(silent.sent()).isEmpty();
    assertThat(asking.answers()).isEmpty();
    assertThat(server.clients()).extracting(client -> client.tx().discarded()).containsOnly(0L);
  }

  @Test
  void aSlowClientMissesMessagesAndHoldsUpNobody() {
    TestLink slow = context.server().connect().upgrades();
    TestLink quick = context.server().connect().upgrades();
    broadcast(SlowConsumer.DROP_LATEST);

    for (String text : List.of("1", "2", "3", "4")) {
      messages.next(Payload.utf8(text));
      quick.written(1);
    }
    slow.written(2);
    messages.next(Payload.utf8("5"));

    assertThat(quick.sent())
        .containsExactly("1:SOM|EOM", "2:SOM|EOM", "3:SOM|EOM", "4:SOM|EOM", "5:SOM|EOM");
    assertThat(slow.sent()).containsExactly("1:SOM|EOM", "2:SOM|EOM", "5:SOM|EOM");
    assertThat(discarded).containsExactly("3", "4");
    assertThat(server.clients())
        .extracting(client -> client.tx().discarded())
        .containsExactly(2L, 0L);
    assertThat(slow.closes()).isEmpty();
  }

  @Test
  void aSlowClientIsDisconnectedIfThatIsTheRule() {
    TestLink slow = context.server().connect().upgrades();
    TestLink quick = context.server().connect().upgrades();
    broadcast(SlowConsumer.DISCONNECT);

    for (String text : List.of("1", "2", "3")) {
      messages.next(Payload.utf8(text));
      quick.written(1);
    }

    assertThat(slow.closes()).hasSize(1);
    assertThat(quick.sent()).hasSize(3);
    assertThat(server.clients()).hasSize(1);
    assertThat(discarded).containsExactly("3");
    assertThat(handler.all()).endsWith("DISCONNECTED", "DESTROYING");
  }

  @Test
  void failsWithItsSourceAndDisturbsNobody() {
    TestLink link = context.server().connect().upgrades();
    server.broadcast(messages).subscribe(outcome);

    messages.error(new IllegalArgumentException("dry"));

    assertThat(outcome.expectTerminalError()).hasMessage("dry");
    assertThat(link.closes()).isEmpty();
  }

  @Test
  void endsWithItsListener() {
    server.broadcast(messages).subscribe(outcome);

    server.destroy();

    assertThat(outcome.isTerminatedComplete()).isTrue();
    messages.assertCancelled();
  }

  // --- closing --------------------------------------------------------------------------------

  @Test
  void closesInOrder() {
    // Given
    TestLink idle = context.server().connect().asks("GET");
    server.clients().get(0).tx().tryEmitNext(Payload.utf8("done"));
    idle.written(1).answered();
    TestLink busy = context.server().connect().asks("GET");
    TestLink session = context.server().connect().upgrades();
    server.clients().get(2).tx().tryEmitNext(Payload.utf8("last"));

    // When
    server.closeGracefully(Duration.ofSeconds(5)).subscribe(outcome);

    // Then
    assertThat(context.server().isClosed()).isTrue();
    assertThat(context.server().connect().isAccepted()).isFalse();
    assertThat(idle.closes()).hasSize(1);
    assertThat(busy.closes()).isEmpty();
    assertThat(session.closes()).isEmpty();
    session.written(1);
    assertThat(session.closes()).extracting(Enum::name).containsExactly("GOING_AWAY");
    assertThat(outcome.isTerminated()).isFalse();
    AcceptedStream last = server.clients().get(0);
    last.serverAck(0);
    last.tx().tryEmitNext(Payload.utf8("answer"));
    busy.written(1).answered();
    assertThat(busy.sent()).containsExactly("answer:SOM|EOM");
    assertThat(busy.closes()).hasSize(1);
    assertThat(outcome.isTerminatedComplete()).isTrue();
    assertThat(handler.all()).filteredOn("DESTROYING"::equals).hasSize(3);
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void cutsOffWhatIsNotDoneInTime() {
    TestLink busy = context.server().connect().asks("GET");
    server.closeGracefully(Duration.ofSeconds(5)).subscribe(outcome);
    context.passMs(4_999);
    boolean early = outcome.isTerminated();

    context.passMs(1);

    assertThat(early).isFalse();
    assertThat(outcome.isTerminatedComplete()).isTrue();
    assertThat(busy.closes()).hasSize(1);
    assertThat(handler.all()).endsWith("SERVER_TXN", "DISCONNECTED", "DESTROYING");
  }

  @Test
  void closingWhatIsClosedIsHarmless() {
    server.destroy();

    server.closeGracefully(Duration.ofSeconds(5)).subscribe(outcome);

    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  private void broadcast(SlowConsumer rule) {
    server
        .broadcast(messages, rule)
        .contextWrite(
            view ->
                Operators.enableOnDiscard(
                    Context.of(view), payload -> discarded.add(((Payload) payload).utf8())))
        .subscribe(outcome);
  }
}
