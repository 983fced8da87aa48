package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
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
import reactor.test.subscriber.TestSubscriber;

/** Messages on a connection that carries one after the other. */
class StreamTxSessionTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1,"svalidhup":0}}],
       "s":[{"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1"}}]}
      """;

  @RegisterExtension
  final TestStreams context = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(4));

  private final SecureStream stream = context.open("chat");

  @Test
  void asksForAConnectionAndSendsOnceItStands() {
    EventLog log = EventLog.of(stream);

    EmitResult result = emit("hello");
    TestLink link = context.link();
    List<String> before = link.sent();
    link.up();

    assertThat(result).isEqualTo(EmitResult.OK);
    assertThat(before).isEmpty();
    assertThat(link.sent()).containsExactly("hello:SOM|EOM");
    assertThat(log.all()).containsExactly("CREATING", "POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void remembersAMessageFromBeforeTheSubscription() {
    emit("early");

    EventLog log = EventLog.of(stream);
    TestLink link = context.link().up();

    assertThat(link.sent()).containsExactly("early:SOM|EOM");
    assertThat(log.all()).containsExactly("CREATING", "POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void keepsTheOrder() {
    EventLog.of(stream);
    emit("1");
    emit("2");
    TestLink link = context.link().up();

    emit("3");

    assertThat(link.sent()).containsExactly("1:SOM|EOM", "2:SOM|EOM", "3:SOM|EOM");
  }

  @Test
  void completesASendWhenItIsWritten() {
    EventLog.of(stream);
    TestSubscriber<Void> outcome = send("hello");
    TestLink link = context.link().up();
    assertThat(outcome.isTerminated()).isFalse();

    link.written(1);

    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void sendsOnceForEachSubscription() {
    EventLog.of(stream);
    var send = stream.tx().send(Payload.utf8("again"));

    send.subscribe(TestSubscriber.create());
    send.subscribe(TestSubscriber.create());

    assertThat(context.link().up().sent()).containsExactly("again:SOM|EOM", "again:SOM|EOM");
  }

  @Test
  void sendsWhatWasNotWrittenAgainInOrderOnTheNextConnection() {
    EventLog log = EventLog.of(stream);
    emit("1");
    TestLink first = context.link().up();
    emit("2");
    emit("3");
    first.written(1);

    first.drop();
    emit("4");
    context.passMs(100);
    TestLink second = context.link().up();

    assertThat(second.sent()).containsExactly("2:SOM|EOM", "3:SOM|EOM", "4:SOM|EOM");
    assertThat(log.discarded()).isEmpty();
    assertThat(stream.tx().discarded()).isZero();
  }

  @Test
  void failsSendsAndDiscardsEmissionsWhenItGivesUp() {
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> outcome = send("sent");
    emit("bare");
    context.link().fail(FailureKind.DNS);
    context.passMs(100);

    context.link().fail(FailureKind.CONNECT);

    assertThat(outcome.expectTerminalError())
        .isInstanceOfSatisfying(
            StreamFailedException.class,
            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONNECT));
    assertThat(log.states()).endsWith(StreamState.ALL_RETRIES_FAILED);
    assertThat(log.discarded()).containsExactly("bare");
    assertThat(stream.tx().discarded()).isEqualTo(1);
  }

  @Test
  void startsANewSeriesForAMessageAfterGivingUp() {
    EventLog log = EventLog.of(stream);
    emit("lost");
    context.link().fail(FailureKind.DNS);
    context.passMs(100);
    context.link().fail(FailureKind.DNS);
    log.skip();

    emit("next");

    assertThat(context.link().up().sent()).containsExactly("next:SOM|EOM");
    assertThat(log.fresh()).containsExactly("POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void failsSendsAndDiscardsEmissionsWhenItIsDestroyed() {
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> written = send("under way");
    TestLink link = context.link().up();
    emit("bare");

    stream.destroy();

    assertThat(link.sentCount()).isEqualTo(2);
    assertThat(written.expectTerminalError()).isInstanceOf(StreamClosedException.class);
    assertThat(log.discarded()).containsExactly("bare");
    assertThat(stream.tx().discarded()).isEqualTo(1);
  }

  @Test
  void takesNothingAfterDestruction() {
    EventLog.of(stream);
    stream.destroy();

    TestSubscriber<Void> outcome = send("late");

    assertThat(emit("late")).isEqualTo(EmitResult.FAIL_CANCELLED);
    assertThat(outcome.expectTerminalError()).isInstanceOf(StreamClosedException.class);
    assertThat(stream.tx().currentSubscriberCount()).isZero();
  }

  @Test
  void drainsAfterCompletionAndTakesNothingMore() {
    EventLog.of(stream);
    emit("1");
    TestSubscriber<Void> last = send("2");

    EmitResult completed = stream.tx().tryEmitComplete();
    EmitResult refused = emit("3");
    TestLink link = context.link().up().written(2);

    assertThat(completed).isEqualTo(EmitResult.OK);
    assertThat(refused).isEqualTo(EmitResult.FAIL_TERMINATED);
    assertThat(stream.tx().tryEmitComplete()).isEqualTo(EmitResult.FAIL_TERMINATED);
    assertThat(link.sent()).containsExactly("1:SOM|EOM", "2:SOM|EOM");
    assertThat(last.isTerminatedComplete()).isTrue();
  }

  @Test
  void showsWhatIsHandedToTheConnectionFromNowOn() {
    List<String> seen = new ArrayList<>();
    EventLog.of(stream);
    emit("before");
    TestLink link = context.link().up();
    stream.tx().asFlux().map(Payload::utf8).subscribe(seen::add);

    emit("after");
    link.written(2);

    assertThat(seen).containsExactly("after");
  }

  @Test
  void endsTheViewOfWhatIsSentWithTheStream() {
    EventLog.of(stream);

    StepVerifier.create(stream.tx().asFlux())
        .then(stream::destroy)
        .expectComplete()
        .verify(Duration.ofSeconds(5));
    StepVerifier.create(stream.tx().asFlux()).verifyComplete();
  }

  private EmitResult emit(String text) {
    return stream.tx().tryEmitNext(Payload.utf8(text));
  }

  private TestSubscriber<Void> send(String text) {
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(Payload.utf8(text)).subscribe(outcome);
    return outcome;
  }
}
