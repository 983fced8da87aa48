package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What DISCONNECT_ME comes to in each callback. */
class StreamHandlerDisconnectTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "http_resp_map":[{"530":1530}],"opportunistic":true,"retry":"r1"}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"r1"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();

  @Test
  void isIgnoredInCreating() {
    disconnectIn("CREATING");

    open("chat");

    assertThat(handler.all()).containsExactly("CREATING", "CONNECTING");
  }

  @Test
  void makesNoAttemptInPollAndLetsTheNextRequestWork() {
    disconnectIn("POLL");
    SecureStream stream = open("get");
    stream.requestTx();
    context.passMs(1000);
    context.transport().expectNoAttempt();
    assertThat(handler.fresh()).containsExactly("CREATING", "POLL");

    stream.requestTx();

    context.link().replies("body");
    assertThat(handler.fresh()).startsWith("CONNECTING", "CONNECTED");
  }

  @Test
  void isAFailedAttemptInConnecting() {
    disconnectIn("CONNECTING");
    SecureStream stream = open("get");
    stream.connect();
    context.transport().expectNoAttempt();

    context.passMs(100);

    context.link().replies("body");
    assertThat(handler.all())
        .startsWith("CREATING", "CONNECTING", "POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void givesUpTheRetryInUnreachable() {
    disconnectIn("UNREACHABLE");
    SecureStream stream = open("get");
    stream.connect();
    context.link().fail(FailureKind.CONNECT);
    context.passMs(1000);
    context.transport().expectNoAttempt();
    assertThat(handler.fresh()).containsExactly("CREATING", "CONNECTING", "UNREACHABLE");

    stream.requestTx();

    context.link().up();
    assertThat(handler.fresh()).containsExactly("POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void changesNothingWhenAllRetriesFailed() {
    disconnectIn("ALL_RETRIES_FAILED");
    SecureStream stream = open("get");
    stream.connect();
    context.link().fail(FailureKind.CONNECT);
    context.passMs(100);
    context.link().fail(FailureKind.CONNECT);
    handler.skip();

    stream.connect();

    context.link().up();
    assertThat(handler.fresh()).containsExactly("CONNECTING", "CONNECTED");
  }

  @Test
  void failsTheAttemptInAUserState() {
    disconnectIn("1530");
    SecureStream stream = open("get");
    stream.connect();

    TestLink link = context.link().up(1530);

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.fresh()).containsExactly("CREATING", "CONNECTING", "1530", "UNREACHABLE");
    context.passMs(100);
    context.link().up();
  }

  @Test
  void closesATransactionInConnectedForGood() {
    disconnectIn("CONNECTED");
    SecureStream stream = open("get");
    stream.connect();

    TestLink link = context.link().up();
    link.frame("late", MessageFlags.SOM).ack();
    context.passMs(1000);

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all())
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "DISCONNECTED");
    context.transport().expectNoAttempt();
  }

  @Test
  void closesASessionInConnectedAndComesBack() {
    disconnectIn("CONNECTED");
    open("chat");

    context.link().up();
    context.passMs(100);

    context.link().up();
    assertThat(handler.all())
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "DISCONNECTED",
            "POLL",
            "CONNECTING",
            "CONNECTED");
  }

  @Test
  void closesNowInAnAcknowledgement() {
    disconnectIn("QOS_ACK_REMOTE");
    SecureStream stream = open("get");
    stream.connect();

    context.link().replies("body");

    assertThat(handler.all()).endsWith("QOS_ACK_REMOTE", "DISCONNECTED");
  }

  @Test
  void suppressesTheReconnectInDisconnected() {
    disconnectIn("DISCONNECTED");
    SecureStream stream = open("chat");
    context.link().up().drop();
    context.passMs(1000);
    context.transport().expectNoAttempt();

    stream.connect();

    context.link().up();
    assertThat(handler.all()).endsWith("DISCONNECTED", "CONNECTING", "CONNECTED");
  }

  @Test
  void closesASessionInRxAndComesBack() {
    disconnectIn("rx");
    open("chat");

    TestLink link = context.link().up().message("hello");
    context.passMs(100);

    assertThat(link.closes()).hasSize(1);
    context.link().up();
    assertThat(handler.all())
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "rx(5,SOM|EOM)",
            "DISCONNECTED",
            "POLL",
            "CONNECTING",
            "CONNECTED");
  }

  @Test
  void endsATransactionInRxWithoutAcknowledgement() {
    disconnectIn("rx");
    SecureStream stream = open("get");
    stream.connect();

    context.link().replies("body");

    assertThat(handler.all())
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "rx(4,SOM)", "DISCONNECTED");
  }

  @Test
  void failsTheAttemptInATimeoutWhileConnecting() {
    disconnectIn("TIMEOUT");
    SecureStream stream = open("get");
    stream.startTimeout(Duration.ofMillis(300));
    stream.requestTx();
    TestLink link = context.link();

    context.passMs(300);

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.fresh())
        .containsExactly("CREATING", "POLL", "CONNECTING", "TIMEOUT", "UNREACHABLE");
    context.passMs(100);
    context.link().up();
  }

  @Test
  void closesTheConnectionInATimeoutWhileConnected() {
    disconnectIn("TIMEOUT");
    SecureStream stream = open("get");
    stream.connect();
    context.link().up();
    stream.startTimeout(Duration.ofMillis(300));

    context.passMs(300);

    assertThat(handler.all()).endsWith("CONNECTED", "TIMEOUT", "DISCONNECTED");
  }

  @Test
  void changesNothingInATimeoutDuringTheBackoff() {
    disconnectIn("TIMEOUT");
    SecureStream stream = open("get");
    stream.startTimeout(Duration.ofMillis(40));
    stream.requestTx();
    context.link().fail(FailureKind.CONNECT);

    context.passMs(99);
    context.transport().expectNoAttempt();
    context.passMs(1);

    context.link();
    assertThat(handler.all()).endsWith("UNREACHABLE", "TIMEOUT", "POLL", "CONNECTING");
  }

  @Test
  void closesASessionInTx() {
    disconnectIn("tx");
    SecureStream stream = open("chat");
    TestLink link = context.link().up();

    stream.requestTx();

    assertThat(link.closes()).hasSize(1);
    assertThat(link.sent()).isEmpty();
    assertThat(handler.all()).endsWith("CONNECTED", "tx#0", "DISCONNECTED");
  }

  private SecureStream open(String streamType) {
    return context.streams().open(streamType, handler);
  }

  private void disconnectIn(String callback) {
    handler.answer(callback, StreamReturn.DISCONNECT_ME);
  }
}
