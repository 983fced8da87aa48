package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** The convenience forms: payload, completion, or an error. */
class SecureStreamsFormsTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1,"svalidhup":0}}],
       "auth":[{"name":"q"}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "retry":"r1"}},
       {"once":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r1"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "opportunistic":true,"retry":"r1"}},
       {"blocked":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"use_auth":"q"}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1"}},
       {"site":{"server":true,"port":80,"protocol":"h1","metadata":[{"method":"","path":""}]}}
       ]}
      """;

  @RegisterExtension
  final TestStreams context =
      TestStreams.scripted(builder -> builder.policy(POLICY).messageLimit(10));

  private final SecureStreams streams = context.streams();

  @Test
  void receivesThePiecesOfABodyAndCompletesAfterTheAcknowledgement() {
    TestSubscriber<String> received = subscribe(streams.receive("get"));
    TestLink link = context.link().up();

    link.frame("ab", MessageFlags.SOM).frame("cd", MessageFlags.NONE).frame("", MessageFlags.EOM);
    boolean early = received.isTerminated();
    link.ack();

    assertThat(received.getReceivedOnNext()).containsExactly("ab", "cd");
    assertThat(early).isFalse();
    assertThat(received.isTerminatedComplete()).isTrue();
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void failsAReceiveThatThePeerRefuses() {
    TestSubscriber<String> received = subscribe(streams.receive("get"));

    context.link().up().frame("sorry", MessageFlags.SOM).frame("", MessageFlags.EOM).nack();

    assertThat(kindOf(received)).isEqualTo(FailureKind.PROTOCOL);
  }

  @Test
  void neverSplicesTwoAttemptsOfABody() {
    TestSubscriber<String> received = subscribe(streams.receive("get"));

    context.link().up().frame("half", MessageFlags.SOM).drop();
    context.passMs(1000);

    assertThat(received.getReceivedOnNext()).containsExactly("half");
    assertThat(kindOf(received)).isEqualTo(FailureKind.CLOSED);
    context.transport().expectNoAttempt();
  }

  @Test
  void asksAgainForABodyOfWhichNothingCame() {
    TestSubscriber<String> received = subscribe(streams.receive("get"));
    context.link().up().drop();
    context.passMs(100);

    context.link().replies("whole");

    assertThat(received.getReceivedOnNext()).containsExactly("whole");
    assertThat(received.isTerminatedComplete()).isTrue();
  }

  @Test
  void givesUpWithTheKindOfTheLastFailure() {
    TestSubscriber<String> received = subscribe(streams.receive("get"));
    context.link().fail(FailureKind.DNS);
    context.passMs(100);

    context.link().fail(FailureKind.TLS_EXPIRED);

    assertThat(kindOf(received)).isEqualTo(FailureKind.TLS_EXPIRED);
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void receivesWholeMessagesThroughReconnects() {
    TestSubscriber<String> received = subscribe(streams.receive("chat"));
    TestLink first = context.link().up().message("one");
    first.frame("tw", MessageFlags.SOM).frame("o", MessageFlags.EOM);
    first.frame("lost ", MessageFlags.SOM).drop();
    context.passMs(100);

    context.link().up().message("three");

    assertThat(received.getReceivedOnNext()).containsExactly("one", "two", "three");
    assertThat(received.isTerminated()).isFalse();
    received.cancel();
  }

  @Test
  void failsOnAMessageThatIsTooLarge() {
    TestSubscriber<String> received = subscribe(streams.receive("chat"));

    TestLink link = context.link().up();
    link.frame("123456", MessageFlags.SOM).frame("78901", MessageFlags.EOM);

    assertThat(kindOf(received)).isEqualTo(FailureKind.LIMIT);
    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void destroysTheStreamWhenAReceiveIsCancelled() {
    TestSubscriber<String> received = subscribe(streams.receive("chat"));
    TestLink link = context.link().up();

    received.cancel();

    assertThat(link.closes()).hasSize(1);
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void gathersTheReplyOfAnExchange() {
    TestSubscriber<String> reply = subscribe(streams.exchange("post", Payload.utf8("ask")));
    TestLink link = context.link().txReady().up();

    link.frame("ab", MessageFlags.SOM).frame("cd", MessageFlags.NONE).frame("", MessageFlags.EOM);
    link.ack();

    assertThat(link.sent()).containsExactly("ask:SOM|EOM");
    assertThat(reply.getReceivedOnNext()).containsExactly("abcd");
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void givesAnEmptyReplyForAnEmptyBody() {
    TestSubscriber<String> reply = subscribe(streams.exchange("get"));

    context.link().up().ack();

    assertThat(reply.getReceivedOnNext()).containsExactly("");
  }

  @Test
  void sendsAnEmptyMessageOnce() {
    TestSubscriber<String> reply = subscribe(streams.exchange("post", Payload.empty()));

    context.link().replies("ok");

    assertThat(reply.getReceivedOnNext()).containsExactly("ok");
    context.transport().expectNoAttempt();
  }

  @Test
  void takesTheReplyOfAnExchangeFromOneAttemptOnly() {
    TestSubscriber<String> reply = subscribe(streams.exchange("get"));
    context.link().up().frame("half", MessageFlags.SOM).drop();
    context.passMs(100);

    context.link().replies("whole");

    assertThat(reply.getReceivedOnNext()).containsExactly("whole");
  }

  @Test
  void failsAnExchangeThatIsCutOffForGood() {
    TestSubscriber<String> reply = subscribe(streams.exchange("once"));

    context.link().up().frame("half", MessageFlags.SOM).drop();

    assertThat(kindOf(reply)).isEqualTo(FailureKind.CLOSED);
  }

  @Test
  void failsAnExchangeWhoseReplyIsTooLarge() {
    TestSubscriber<String> reply = subscribe(streams.exchange("get"));

    context.link().up().frame("12345678901", MessageFlags.SOM);

    assertThat(kindOf(reply)).isEqualTo(FailureKind.LIMIT);
  }

  @Test
  void failsAnExchangeThatThePeerRefuses() {
    TestSubscriber<String> reply = subscribe(streams.exchange("post", Payload.utf8("x")));

    context.link().txReady().up().nack();

    assertThat(kindOf(reply)).isEqualTo(FailureKind.PROTOCOL);
  }

  @Test
  void takesTheNextMessageAsTheReplyOfASession() {
    TestSubscriber<String> reply = subscribe(streams.exchange("chat", Payload.utf8("ping")));
    TestLink link = context.link().up();

    link.written(1).message("pong");

    assertThat(link.sent()).containsExactly("ping:SOM|EOM");
    assertThat(reply.getReceivedOnNext()).containsExactly("pong");
    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void makesAStreamForEachSubscription() {
    Flux<Payload> twice = streams.receive("get").repeat(1);
    TestSubscriber<String> received = subscribe(twice);

    context.link().replies("1");
    context.link().replies("2");

    assertThat(received.getReceivedOnNext()).containsExactly("1", "2");
    assertThat(received.isTerminatedComplete()).isTrue();
  }

  private static TestSubscriber<String> subscribe(Publisher<Payload> source) {
    TestSubscriber<String> subscriber = TestSubscriber.create();
    Flux.from(source).map(Payload::utf8).subscribe(subscriber);
    return subscriber;
  }

  private static FailureKind kindOf(TestSubscriber<?> subscriber) {
    return ((StreamFailedException) subscriber.expectTerminalError()).kind();
  }
}
