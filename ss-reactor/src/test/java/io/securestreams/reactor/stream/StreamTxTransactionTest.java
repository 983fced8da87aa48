package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.subscriber.TestSubscriber;

/** Over http each message is one transaction. */
class StreamTxTransactionTest {

  private static final String POLICY =
      """
      {"retry":[{"r2":{"backoff":[100],"conceal":2}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r2"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "opportunistic":true,"retry":"r2"}}
       ]}
      """;

  @RegisterExtension
  final TestStreams context = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(4));

  private final SecureStream post = context.open("post");

  @Test
  void sendsTheBodyWhileConnecting() {
    EventLog log = EventLog.of(post);
    emit("abcde");
    TestLink link = context.link();

    link.txReady();

    assertThat(link.http().body()).isEqualTo(BodyPlan.ofLength(5));
    assertThat(link.sent()).containsExactly("abcde:SOM|EOM");
    assertThat(log.all()).containsExactly("CREATING", "POLL", "CONNECTING");
  }

  @Test
  void makesOneTransactionOfEachMessage() {
    EventLog log = EventLog.of(post);
    emit("first");
    emit("second");
    TestLink first = context.link().txReady();
    context.transport().expectNoAttempt();
    first.replies("1");

    TestLink second = context.link().txReady();
    second.replies("2");

    assertThat(first.sent()).containsExactly("first:SOM|EOM");
    assertThat(second.sent()).containsExactly("second:SOM|EOM");
    assertThat(log.all())
        .containsExactly(
            "CREATING",
            "POLL",
            "CONNECTING",
            "CONNECTED",
            "rx(1,SOM)",
            "rx(0,EOM)",
            "QOS_ACK_REMOTE",
            "DISCONNECTED",
            "POLL",
            "CONNECTING",
            "CONNECTED",
            "rx(1,SOM)",
            "rx(0,EOM)",
            "QOS_ACK_REMOTE",
            "DISCONNECTED");
    context.transport().expectNoAttempt();
  }

  @Test
  void namesTheMessageOfEachAcknowledgement() {
    EventLog log = EventLog.of(post);
    emit("first");
    emit("second");

    context.link().txReady().replies("1");
    assertThat(log.last(StreamState.QOS_ACK_REMOTE).txOrdinal()).hasValue(0);
    context.link().txReady().up().nack();

    assertThat(log.last(StreamState.QOS_NACK_REMOTE).txOrdinal()).hasValue(1);
  }

  @Test
  void namesNoMessageWhenThereWasNone() {
    EventLog log = EventLog.of(post);
    post.connect();

    context.link().replies("1");

    assertThat(log.last(StreamState.QOS_ACK_REMOTE).txOrdinal()).isEmpty();
  }

  @Test
  void completesASendOnTheAcknowledgementAndNotWhenItIsWritten() {
    EventLog.of(post);
    TestSubscriber<Void> outcome = send("hello");
    TestLink link = context.link().txReady();

    link.written(1);
    boolean early = outcome.isTerminated();
    link.replies("ok");

    assertThat(early).isFalse();
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void holdsThePlaceOfAMessageUntilItIsAcknowledged() {
    EventLog.of(post);
    for (int i = 0; i < 4; i++) {
      emit("x");
    }
    TestLink link = context.link().txReady().written(1);
    assertThat(emit("y")).isEqualTo(EmitResult.FAIL_OVERFLOW);

    link.replies("ok");

    assertThat(emit("y")).isEqualTo(EmitResult.OK);
  }

  @Test
  void failsASendThatThePeerRefuses() {
    EventLog.of(post);
    TestSubscriber<Void> outcome = send("hello");

    context.link().txReady().up().nack();

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PROTOCOL);
  }

  @Test
  void discardsAnEmissionThatThePeerRefuses() {
    EventLog log = EventLog.of(post);
    emit("unwanted");

    context.link().txReady().up().nack();

    assertThat(log.discarded()).containsExactly("unwanted");
    assertThat(post.tx().discarded()).isEqualTo(1);
  }

  @Test
  void sendsAnEmptyMessageAsARequestWithoutBody() {
    SecureStream get = context.open("get");
    EventLog log = EventLog.of(get);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    get.tx().send(Payload.empty()).subscribe(outcome);
    TestLink link = context.link();

    link.replies("ok");

    assertThat(link.http().body()).isEqualTo(BodyPlan.NONE);
    assertThat(outcome.isTerminatedComplete()).isTrue();
    assertThat(log.last(StreamState.QOS_ACK_REMOTE).txOrdinal()).hasValue(0);
    context.transport().expectNoAttempt();
  }

  @Test
  void failsAMessageThatItsMethodCannotCarry() {
    SecureStream get = context.open("get");
    EventLog log = EventLog.of(get);
    TestSubscriber<Void> outcome = TestSubscriber.create();

    get.tx().send(Payload.utf8("a body")).subscribe(outcome);

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PLAN);
    assertThat(log.all())
        .containsExactly("CREATING", "POLL", "CONNECTING", "UNREACHABLE", "ALL_RETRIES_FAILED");
    assertThat(context.transport().attempts()).isZero();
  }

  @Test
  void startsWhatIsEmittedDuringAnAnswerAfterIt() {
    EventLog log = EventLog.of(post);
    emit("first");
    TestLink first = context.link().txReady().up();

    emit("second");
    context.transport().expectNoAttempt();
    first.ack();

    assertThat(context.link().txReady().sent()).containsExactly("second:SOM|EOM");
    assertThat(log.all()).endsWith("QOS_ACK_REMOTE", "DISCONNECTED", "POLL", "CONNECTING");
  }

  @Test
  void startsWhatIsEmittedFromInsideTheLastState() {
    EventLog log =
        EventLog.of(
            post,
            event -> {
              if (EventLog.text(event).equals("DISCONNECTED")
                  && context.transport().attempts() == 1) {
                emit("next");
              }
            });
    emit("first");

    context.link().txReady().replies("ok");

    assertThat(context.link().txReady().sent()).containsExactly("next:SOM|EOM");
    assertThat(log.all()).endsWith("DISCONNECTED", "POLL", "CONNECTING");
  }

  @Test
  void sendsPiecesOfUnknownLengthChunked() {
    EventLog.of(post);
    post.tx().send(Flux.just("ab", "cd").map(Payload::utf8)).subscribe(nothing -> {}, error -> {});

    TestLink link = context.link().txReady();

    assertThat(link.http().body()).isEqualTo(BodyPlan.CHUNKED);
    assertThat(link.sent()).containsExactly("ab:SOM", "cd:EOM");
  }

  @Test
  void announcesTheLengthOfPiecesIfItIsKnown() {
    EventLog.of(post);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    post.tx().send(Flux.just("ab", "cd").map(Payload::utf8), 4).subscribe(outcome);

    TestLink link = context.link().txReady();
    link.written(2).replies("ok");

    assertThat(link.http().body()).isEqualTo(BodyPlan.ofLength(4));
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  private EmitResult emit(String text) {
    return post.tx().tryEmitNext(Payload.utf8(text));
  }

  private TestSubscriber<Void> send(String text) {
    TestSubscriber<Void> outcome = TestSubscriber.create();
    post.tx().send(Payload.utf8(text)).subscribe(outcome);
    return outcome;
  }

  private static FailureKind kindOf(TestSubscriber<Void> outcome) {
    return ((StreamFailedException) outcome.expectTerminalError()).kind();
  }
}
