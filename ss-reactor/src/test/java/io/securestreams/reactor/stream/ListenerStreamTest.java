package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Listeners, and accepted streams whose events are subscribed. */
class ListenerStreamTest {

  private static final String POLICY =
      """
      {"s":[{"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
                     "metadata":[{"method":"","path":""}]}}]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final StreamServer server = context.streams().serve("site");

  @Test
  void bindsWhenItsAcceptedStreamsAreSubscribed() {
    boolean before = context.server().isBound();
    server.accepted().subscribe(TestSubscriber.create());

    assertThat(before).isFalse();
    assertThat(context.server().isBound()).isTrue();
    StepVerifier.create(server.address().map(Object::toString))
        .expectNextMatches(address -> address.contains("49152"))
        .verifyComplete();
    StepVerifier.create(server.states().take(1).map(EventLog::text))
        .expectNext("CREATING")
        .verifyComplete();
  }

  @Test
  void failsWhenItCannotBind() {
    context.server().refuseToBind(new LinkException(FailureKind.CONNECT, "in use"));

    StepVerifier.create(server.accepted()).verifyErrorMessage("in use");
    StepVerifier.create(server.address()).verifyErrorMessage("in use");
    StepVerifier.create(server.states()).verifyComplete();
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void refusesASecondSubscriber() {
    server.accepted().subscribe(TestSubscriber.create());

    StepVerifier.create(server.accepted()).verifyError(IllegalStateException.class);
  }

  @Test
  void stopsAcceptingWithoutDemand() {
    TestSubscriber<AcceptedStream> accepted = subscribe(0);
    boolean first = context.server().isPaused();
    accepted.request(1);
    boolean second = context.server().isPaused();

    context.server().connect();

    assertThat(first).isTrue();
    assertThat(second).isFalse();
    assertThat(context.server().isPaused()).isTrue();
    assertThat(accepted.getReceivedOnNext()).hasSize(1);
  }

  @Test
  void keepsAConnectionThatSlippedInUntilItIsAskedFor() {
    TestSubscriber<AcceptedStream> accepted = subscribe(0);
    TestLink link = context.server().connect();
    link.asks("GET");
    assertThat(accepted.getReceivedOnNext()).isEmpty();

    accepted.request(1);

    EventLog log = EventLog.of(accepted.getReceivedOnNext().get(0));
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN");
  }

  @Test
  void deliversWhatCameBeforeTheSubscriptionInOrder() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    link.asks("POST");
    assertThat(link.requests()).isEmpty();

    EventLog log = EventLog.of(accepted.getReceivedOnNext().get(0));
    link.frame("body", MessageFlags.SOM).frame("", MessageFlags.EOM);

    assertThat(log.all())
        .containsExactly(
            "CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN", "rx(4,SOM)", "rx(0,EOM)");
  }

  /** As the answer to HEAD is: it is over before its source is. */
  @Test
  void letsGoOfTheSourceOfAnAnswerThatIsOver() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    AcceptedStream client = accepted.getReceivedOnNext().get(0);
    EventLog.of(client);
    TestPublisher<Payload> endless = TestPublisher.create();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    link.asks("HEAD");
    client.tx().send(endless).subscribe(outcome);
    endless.assertWasSubscribed();

    link.answered();

    endless.assertCancelled();
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void closesAStreamThatNobodySubscribes() {
    subscribe(1);
    TestLink link = context.server().connect();
    context.pass(Duration.ofMillis(14_999));
    assertThat(link.closes()).isEmpty();

    context.passMs(1);

    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void leavesAStreamAloneThatIsSubscribedInTime() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    EventLog.of(accepted.getReceivedOnNext().get(0));

    context.pass(Duration.ofSeconds(60));

    assertThat(link.closes()).isEmpty();
  }

  @Test
  void saysNothingWhenAnAbandonedStreamIsSubscribedAfterAll() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    context.server().connect();
    context.pass(Duration.ofSeconds(15));

    EventLog log = EventLog.of(accepted.getReceivedOnNext().get(0));

    assertThat(log.all()).containsExactly("complete");
  }

  @Test
  void endsItselfFirstAndThenItsClients() {
    List<String> order = new ArrayList<>();
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    AcceptedStream client = accepted.getReceivedOnNext().get(0);
    EventLog.of(client, event -> order.add("client " + EventLog.text(event)));
    link.asks("GET").answered();
    order.clear();
    server.states().subscribe(event -> order.add("listener " + EventLog.text(event)));

    server.destroy();

    assertThat(order)
        .containsExactly(
            "listener CREATING", "listener DESTROYING", "client DISCONNECTED", "client DESTROYING");
    assertThat(context.server().isClosed()).isTrue();
    assertThat(accepted.isTerminatedComplete()).isTrue();
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void closesEverythingWhenTheSubscriberCancels() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    EventLog.of(accepted.getReceivedOnNext().get(0));

    accepted.cancel();

    assertThat(context.server().isClosed()).isTrue();
    assertThat(link.closes()).hasSize(1);
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void refusesConnectionsWhenItIsOver() {
    subscribe(1);
    server.destroy();

    assertThat(context.server().connect().isAccepted()).isFalse();
  }

  @Test
  void answersWithAMessageOfItsSink() {
    Accepted accepted = accept();
    AcceptedStream client = accepted.stream();
    TestLink first = accepted.link();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    EventLog.of(client);
    first.asks("GET");
    client.serverAck(0);

    client.tx().send(Payload.utf8("hello")).subscribe(outcome);
    first.written(1);
    boolean early = outcome.isTerminated();
    first.answered();

    assertThat(first.answers()).containsExactly("200 LENGTH 5");
    assertThat(first.sent()).containsExactly("hello:SOM|EOM");
    assertThat(early).isFalse();
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void doesNotAnswerTheNextRequestWithAStaleMessage() {
    Accepted accepted = accept();
    AcceptedStream client = accepted.stream();
    TestLink first = accepted.link();
    EventLog log = EventLog.of(client);
    first.asks("GET");
    client.tx().tryEmitNext(Payload.utf8("answer"));
    first.written(1).answered();
    TestSubscriber<Void> stale = TestSubscriber.create();
    client.tx().send(Payload.utf8("stale")).subscribe(stale);
    client.tx().tryEmitNext(Payload.utf8("bare"));

    first.asks("GET");

    assertThat(first.answers()).hasSize(1);
    assertThat(stale.expectTerminalError()).isInstanceOf(StreamFailedException.class);
    assertThat(log.discarded()).containsExactly("bare");
  }

  @Test
  void failsTheAnswerToAClientThatWentAway() {
    Accepted accepted = accept();
    AcceptedStream client = accepted.stream();
    TestLink first = accepted.link();
    EventLog log = EventLog.of(client);
    first.asks("GET");
    TestSubscriber<Void> outcome = TestSubscriber.create();
    client.tx().send(Payload.utf8("hello")).subscribe(outcome);

    first.drop();

    assertThat(outcome.isTerminatedError()).isTrue();
    assertThat(log.all()).endsWith("DISCONNECTED", "DESTROYING", "complete");
    assertThat(client.tx().tryEmitNext(Payload.utf8("x"))).isEqualTo(EmitResult.FAIL_CANCELLED);
  }

  @Test
  void neverReconnects() {
    Accepted accepted = accept();
    AcceptedStream client = accepted.stream();
    TestLink first = accepted.link();
    EventLog log = EventLog.of(client);
    first.upgrades();
    client.connect();

    first.drop();

    assertThat(log.states())
        .containsExactly(
            StreamState.CREATING,
            StreamState.CONNECTING,
            StreamState.CONNECTED,
            StreamState.SERVER_UPGRADE,
            StreamState.DISCONNECTED,
            StreamState.DESTROYING);
  }

  /** An accepted stream and its link. */
  private record Accepted(AcceptedStream stream, TestLink link) {}

  private Accepted accept() {
    TestSubscriber<AcceptedStream> accepted = subscribe(1);
    TestLink link = context.server().connect();
    return new Accepted(accepted.getReceivedOnNext().get(0), link);
  }

  private TestSubscriber<AcceptedStream> subscribe(long demand) {
    TestSubscriber<AcceptedStream> accepted =
        TestSubscriber.builder().initialRequest(demand).build();
    server.accepted().subscribe(accepted);
    return accepted;
  }
}
