package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

/** The calls of an application, before the subscription, in each state and from inside events. */
class StreamInputsTest {

  private static final String POLICY =
      """
      {"retry":[{"r2":{"backoff":[100,200],"conceal":2,"svalidhup":0}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r2","timeout_ms":300}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r2"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final SecureStream chat = context.open("chat");
  private final SecureStream get = context.open("get");

  @Test
  void doesNothingBeforeTheSubscription() {
    chat.connect();
    chat.tx().tryEmitNext(Payload.utf8("x"));
    chat.startTimeout(Duration.ofMillis(1));
    context.passMs(10);

    context.transport().expectNoAttempt();
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void doesRightAfterCreatingWhatWasAskedForBefore() {
    get.startTimeout(Duration.ofMillis(50));
    get.connect();

    EventLog log = EventLog.of(get);
    context.passMs(50);

    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "TIMEOUT");
  }

  @Test
  void reportsNothingWhenItWasDestroyedBefore() {
    chat.connect();
    chat.destroy();

    EventLog log = EventLog.of(chat);

    assertThat(log.all()).containsExactly("complete");
    context.transport().expectNoAttempt();
  }

  @Test
  void hasNoSecondConnection() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    TestLink link = context.link();
    chat.connect();
    link.up();

    chat.connect();

    context.transport().expectNoAttempt();
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED");
  }

  @Test
  void startsAtOnceAndAnewWhenConnectedDuringTheBackoff() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    context.link().fail(FailureKind.CONNECT);
    context.passMs(100);
    context.link().fail(FailureKind.CONNECT);

    chat.connect();
    context.link().fail(FailureKind.CONNECT);

    assertThat(log.last(StreamState.UNREACHABLE).attempt()).isEqualTo(1);
    assertThat(log.last(StreamState.UNREACHABLE).nextDelay()).isEqualTo(Duration.ofMillis(100));
    context.passMs(100);
    context.link();
    context.passMs(1000);
    context.transport().expectNoAttempt();
  }

  @Test
  void waitsAtLeastAsLongAsThePeerAsks() {
    EventLog log = EventLog.of(get);
    get.connect();
    context.link().fail(FailureKind.PROTOCOL, 2000, LinkSignal.Delivery.NOT_SENT);

    context.passMs(1999);
    context.transport().expectNoAttempt();
    context.passMs(1);

    context.link();
    assertThat(log.all()).endsWith("UNREACHABLE", "POLL", "CONNECTING");
  }

  @Test
  void goesStraightToConnectingAfterRefusedCredentials() {
    EventLog log = EventLog.of(get);
    get.connect();
    context.link().refuseCredentials();
    context.passMs(100);
    context.link().up();

    assertThat(log.all())
        .containsExactly("CREATING", "CONNECTING", "AUTH_FAILED", "CONNECTING", "CONNECTED");
  }

  @Test
  void staysIdleAfterDisconnectUntilItIsAskedAgain() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    TestLink link = context.link().up();

    chat.disconnect();
    context.pass(Duration.ofSeconds(10));
    context.transport().expectNoAttempt();
    chat.tx().tryEmitNext(Payload.utf8("hello"));

    assertThat(link.closes()).hasSize(1);
    assertThat(context.link().up().sent()).containsExactly("hello:SOM|EOM");
    assertThat(log.all()).endsWith("CONNECTED", "DISCONNECTED", "POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void endsAnAttemptByDisconnect() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    TestLink link = context.link();

    chat.disconnect();
    link.up();
    context.pass(Duration.ofSeconds(10));

    assertThat(link.closes()).hasSize(1);
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "DISCONNECTED");
    context.transport().expectNoAttempt();
  }

  @Test
  void endsABackoffByDisconnect() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    context.link().fail(FailureKind.CONNECT);

    chat.disconnect();
    context.pass(Duration.ofSeconds(10));

    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "UNREACHABLE");
    context.transport().expectNoAttempt();
  }

  @Test
  void isDestroyedInEachState() {
    assertThat(destroyedAfter(stream -> {})).containsExactly("CREATING", "DESTROYING", "complete");
    assertThat(
            destroyedAfter(
                stream -> {
                  stream.connect();
                  context.link();
                }))
        .containsExactly("CREATING", "CONNECTING", "DESTROYING", "complete");
    assertThat(
            destroyedAfter(
                stream -> {
                  stream.connect();
                  context.link().fail(FailureKind.CONNECT);
                }))
        .endsWith("UNREACHABLE", "DESTROYING", "complete");
    assertThat(
            destroyedAfter(
                stream -> {
                  stream.connect();
                  context.link().up();
                }))
        .endsWith("CONNECTED", "DISCONNECTED", "DESTROYING", "complete");
    assertThat(
            destroyedAfter(
                stream -> {
                  stream.connect();
                  context.link().replies("x");
                }))
        .endsWith("DISCONNECTED", "DESTROYING", "complete");
    context.pass(Duration.ofSeconds(10));
    context.transport().expectNoAttempt();
  }

  @Test
  void ignoresEverythingAfterItsEnd() {
    EventLog log = EventLog.of(chat);
    chat.connect();
    TestLink link = context.link().up();
    chat.destroy();
    log.skip();

    chat.destroy();
    chat.connect();
    chat.requestTx();
    chat.disconnect();
    chat.startTimeout(Duration.ofMillis(1));
    link.message("late").drop();
    context.pass(Duration.ofSeconds(10));

    assertThat(log.fresh()).isEmpty();
    context.transport().expectNoAttempt();
  }

  @Test
  void destroysItselfFromInsideAnEvent() {
    EventLog log = EventLog.at(StreamState.CONNECTED, chat, chat::destroy);
    chat.connect();

    context.link().up();

    assertThat(log.all()).endsWith("CONNECTED", "DISCONNECTED", "DESTROYING", "complete");
  }

  @Test
  void connectsFromInsideCreating() {
    EventLog log = EventLog.at(StreamState.CREATING, chat, chat::connect);

    context.link().up();

    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED");
  }

  @Test
  void connectsFromInsideTheEndOfASeries() {
    EventLog log = EventLog.at(StreamState.ALL_RETRIES_FAILED, get, get::connect);
    get.connect();
    for (int i = 0; i < 3; i++) {
      context.link().fail(FailureKind.CONNECT);
      context.passMs(200);
    }

    context.link().up();

    assertThat(log.all()).endsWith("ALL_RETRIES_FAILED", "CONNECTING", "CONNECTED");
  }

  @Test
  void showsTheLatestStateToAnyNumberOfObservers() {
    EventLog.of(chat);
    chat.connect();
    context.link().up();

    StepVerifier.create(chat.states().map(EventLog::text))
        .expectNext("CONNECTED")
        .then(chat::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .verifyComplete();
    StepVerifier.create(chat.states().map(EventLog::text))
        .expectNext("DESTROYING")
        .verifyComplete();
  }

  private List<String> destroyedAfter(Consumer<SecureStream> before) {
    SecureStream stream = context.open("get");
    EventLog log = EventLog.of(stream);
    before.accept(stream);
    stream.destroy();
    return log.all();
  }
}
