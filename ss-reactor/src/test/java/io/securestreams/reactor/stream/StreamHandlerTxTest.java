package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tx callback: when it runs, and what becomes of what it gives. */
class StreamHandlerTxTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r1"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "opportunistic":true,"retry":"r1"}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"r1"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();

  @Test
  void sendsAMessageInThreePieces() {
    SecureStream stream = open("post");
    handler
        .requestForEachPiece()
        .give("x".repeat(1400), MessageFlags.SOM)
        .give("y".repeat(1400), MessageFlags.NONE)
        .give("z".repeat(200), MessageFlags.EOM);
    stream.requestTxLen(3000);
    TestLink link = context.link();

    link.txReady();
    int sent = link.sentCount();
    link.replies("ok");

    assertThat(link.http().body()).isEqualTo(BodyPlan.ofLength(3000));
    assertThat(sent).isEqualTo(3);
    assertThat(link.sent())
        .extracting(piece -> piece.charAt(0) + piece.substring(piece.indexOf(':')))
        .containsExactly("x:SOM", "y:-", "z:EOM");
    assertThat(handler.all())
        .startsWith("CREATING", "POLL", "CONNECTING", "tx#0", "tx#1", "tx#2")
        .containsSubsequence(
            "CONNECTED", "rx(2,SOM)", "rx(0,EOM)", "QOS_ACK_REMOTE", "DISCONNECTED");
  }

  @Test
  void doesNotAskAgainAfterTheEndOfTheBody() {
    SecureStream stream = open("post");
    handler.give("hello", MessageFlags.SOM_EOM).onFirst("tx", this::requestAgain);
    stream.requestTxLen(5);
    TestLink link = context.link();

    link.txReady().written(1);

    assertThat(link.sent()).containsExactly("hello:SOM|EOM");
    assertThat(handler.all()).containsOnlyOnce("tx#0").doesNotContain("tx#1");
  }

  @Test
  void startsAnotherTransactionForWhatWasRequestedAfterTheBody() {
    SecureStream stream = open("post");
    handler.give("hello", MessageFlags.SOM_EOM).give("again", MessageFlags.SOM_EOM);
    stream.requestTxLen(5);
    TestLink first = context.link().txReady().up();

    stream.requestTxLen(5);
    first.ack();

    TestLink second = context.link().txReady();
    assertThat(first.sent()).containsExactly("hello:SOM|EOM");
    assertThat(second.sent()).containsExactly("again:SOM|EOM");
    assertThat(handler.all())
        .endsWith("QOS_ACK_REMOTE", "DISCONNECTED", "POLL", "CONNECTING", "tx#1");
  }

  @Test
  void sendsABodyOfUnknownLengthChunked() {
    SecureStream stream = open("post");
    handler.give("hello", MessageFlags.SOM_EOM);

    stream.requestTx();

    TestLink link = context.link().txReady();
    assertThat(link.http().body()).isEqualTo(BodyPlan.CHUNKED);
    assertThat(link.sent()).containsExactly("hello:SOM|EOM");
  }

  @Test
  void neverAsksForTheBodyOfAGet() {
    SecureStream stream = open("get");

    stream.requestTx();
    context.link().replies("ok");

    assertThat(handler.all())
        .containsExactly(
            "CREATING",
            "POLL",
            "CONNECTING",
            "CONNECTED",
            "rx(2,SOM)",
            "rx(0,EOM)",
            "QOS_ACK_REMOTE",
            "DISCONNECTED");
    context.transport().expectNoAttempt();
  }

  @Test
  void sendsARequestWithoutBodyWhenOnlyAConnectionWasAskedFor() {
    SecureStream stream = open("post");

    stream.connect();

    TestLink link = context.link();
    assertThat(link.http().body()).isEqualTo(BodyPlan.NONE);
    link.replies("ok");
    assertThat(handler.all()).noneMatch(text -> text.startsWith("tx"));
  }

  @Test
  void asksForTheBodyAnewInTheNextAttempt() {
    SecureStream stream = open("post");
    handler.give("hello", MessageFlags.SOM_EOM).give("hello", MessageFlags.SOM_EOM);
    stream.requestTxLen(5);
    context.link().txReady().fail(FailureKind.CLOSED);
    context.passMs(100);

    TestLink second = context.link();
    second.txReady();

    assertThat(second.http().body()).isEqualTo(BodyPlan.ofLength(5));
    assertThat(second.sent()).containsExactly("hello:SOM|EOM");
    assertThat(handler.all()).endsWith("UNREACHABLE", "POLL", "CONNECTING", "tx#1");
  }

  @Test
  void collapsesSeveralRequestsIntoOneCallback() {
    SecureStream stream = open("chat");
    handler.give("one", MessageFlags.SOM_EOM).give("two", MessageFlags.SOM_EOM);
    stream.requestTx();
    stream.requestTx();
    stream.requestTx();

    TestLink link = context.link().up();

    assertThat(link.sent()).containsExactly("one:SOM|EOM");
    assertThat(handler.all()).endsWith("CONNECTED", "tx#0");
  }

  @Test
  void sendsNothingForDontSendUntilTheNextRequest() {
    SecureStream stream = open("chat");
    TestLink link = context.link().up();
    handler.answer("tx", StreamReturn.TX_DONT_SEND).give("unsent", MessageFlags.SOM_EOM);
    stream.requestTx();
    assertThat(link.sent()).isEmpty();
    handler.give("sent", MessageFlags.SOM_EOM);

    stream.requestTx();

    assertThat(link.sent()).containsExactly("sent:SOM|EOM");
    assertThat(handler.all()).endsWith("tx#0", "tx#1");
  }

  @Test
  void countsOrdinalsOnThroughReconnects() {
    SecureStream stream = open("chat");
    TestLink first = context.link().up();
    stream.requestTx();
    first.drop();
    context.passMs(100);

    context.link().up();
    stream.requestTx();

    assertThat(handler.all()).endsWith("CONNECTED", "tx#1");
  }

  @Test
  void waitsForRoomOnTheLink() {
    SecureStream stream = open("chat");
    for (int i = 0; i < Link.WINDOW + 1; i++) {
      handler.give("m", MessageFlags.SOM_EOM);
    }
    handler.requestForEachPiece();
    TestLink link = context.link().up();
    stream.requestTx();
    int full = link.sentCount();

    link.written(1);

    assertThat(full).isEqualTo(Link.WINDOW);
    assertThat(link.sentCount()).isEqualTo(Link.WINDOW + 1);
  }

  @Test
  void runsTheCallbackInTheNextConnectionWhenRequestedDuringTheBackoff() {
    SecureStream stream = open("chat");
    context.link().fail(FailureKind.CONNECT);
    handler.give("hello", MessageFlags.SOM_EOM);
    stream.requestTx();
    context.transport().expectNoAttempt();
    context.passMs(100);

    TestLink link = context.link().up();

    assertThat(link.sent()).containsExactly("hello:SOM|EOM");
  }

  @Test
  void followsARequestFromInsideDisconnectedAtOnce() {
    SecureStream stream = open("get");
    handler.onFirst("DISCONNECTED", this::requestAgain);
    stream.requestTx();

    context.link().replies("1");

    context.link().replies("2");
    assertThat(handler.all())
        .containsSubsequence("DISCONNECTED", "POLL", "CONNECTING", "CONNECTED", "DISCONNECTED");
  }

  @Test
  void mixesWithTheSinkWhichGoesFirst() {
    SecureStream stream = open("chat");
    handler.give("callback", MessageFlags.SOM_EOM);
    stream.requestTx();
    stream.tx().tryEmitNext(Payload.utf8("sink"));

    TestLink link = context.link().up();

    assertThat(link.sent()).containsExactly("sink:SOM|EOM", "callback:SOM|EOM");
  }

  private StreamReturn requestAgain(SecureStream stream) {
    stream.requestTx();
    return StreamReturn.OK;
  }

  private SecureStream open(String streamType) {
    return context.streams().open(streamType, handler);
  }
}
