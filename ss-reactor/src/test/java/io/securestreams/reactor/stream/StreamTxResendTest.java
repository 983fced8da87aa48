package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.subscriber.TestSubscriber;

/** Which requests are sent again, and which could have an effect twice. */
class StreamTxResendTest {

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
  void sendsAgainWhatProvablyDidNotArrive() {
    EventLog log = EventLog.of(post);
    TestSubscriber<Void> outcome = send("hello");
    TestLink first = context.link().txReady();
    first.fail(FailureKind.CLOSED);
    context.passMs(100);

    TestLink second = context.link().txReady().replies("ok");

    assertThat(first.sent()).containsExactly("hello:SOM|EOM");
    assertThat(second.sent()).containsExactly("hello:SOM|EOM");
    assertThat(outcome.isTerminatedComplete()).isTrue();
    assertThat(log.last(StreamState.QOS_ACK_REMOTE).txOrdinal()).hasValue(0);
  }

  @Test
  void doesNotSendABodyAgainThatMayHaveArrived() {
    EventLog log = EventLog.of(post);
    TestSubscriber<Void> outcome = send("hello");

    context.link().txReady().failAfterSending(FailureKind.TIMEOUT);
    context.passMs(10_000);

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.TIMEOUT);
    assertThat(log.all())
        .containsExactly("CREATING", "POLL", "CONNECTING", "UNREACHABLE", "ALL_RETRIES_FAILED");
    context.transport().expectNoAttempt();
  }

  @Test
  void asksAgainForWhatHasNoEffect() {
    SecureStream get = context.open("get");
    EventLog.of(get);
    get.connect();

    context.link().failAfterSending(FailureKind.TIMEOUT);
    context.passMs(100);

    context.link().replies("ok");
  }

  @Test
  void asksAgainForAPostOnlyIfItDidNotArrive() {
    EventLog log = EventLog.of(post);
    post.connect();

    context.link().failAfterSending(FailureKind.TIMEOUT);
    context.passMs(100);

    context.transport().expectNoAttempt();
    assertThat(log.states()).endsWith(StreamState.UNREACHABLE, StreamState.ALL_RETRIES_FAILED);
  }

  @Test
  void failsASendWhoseAnswerIsCutOff() {
    EventLog.of(post);
    TestSubscriber<Void> outcome = send("hello");

    context.link().txReady().up().frame("half", MessageFlags.SOM).drop();

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.CLOSED);
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
