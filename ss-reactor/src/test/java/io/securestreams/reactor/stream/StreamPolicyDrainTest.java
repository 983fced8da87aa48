package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a session brings to its end before it makes room for a connection by a new policy. */
class StreamPolicyDrainTest {

  private static final String POLICY =
      """
      {"retry":[{"r":{"backoff":[60000],"conceal":9}}],
       "s":[{"chat":{"endpoint":"h","port":80,"protocol":"ws","http_url":"a","nailed_up":true,
                     "retry":"r"}}]}
      """;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  @Test
  void sessionWithoutAnythingUnderWayMovesAtOnce() {
    EventLog.of(context.open("chat"));
    TestLink link = context.link().up();

    change();

    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
    assertThat(context.link().isStarted()).isTrue();
  }

  @Test
  void messageThatIsNotWrittenIsWaitedFor() {
    SecureStream stream = context.open("chat");
    EventLog.of(stream);
    TestLink link = context.link().up();
    stream.tx().tryEmitNext(Payload.utf8("under way"));

    change();
    stream.tx().tryEmitNext(Payload.utf8("for the next one"));

    assertThat(link.closes()).isEmpty();
    assertThat(link.sent()).containsExactly("under way:SOM|EOM");
    link.written(1);
    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
    assertThat(context.link().up().sent()).containsExactly("for the next one:SOM|EOM");
  }

  @Test
  void messageThatIsReceivedInPartIsWaitedFor() {
    EventLog log = EventLog.of(context.open("chat"));
    TestLink link = context.link().up().frame("be", MessageFlags.SOM);

    change();

    assertThat(link.closes()).isEmpty();
    link.frame("gin", MessageFlags.EOM);
    assertThat(log.all()).containsSubsequence("rx(2,SOM)", "rx(3,EOM)", "DISCONNECTED");
    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
  }

  @Test
  void messageThatAHandlerGivesInPiecesIsBroughtToItsEnd() {
    ScriptedHandler handler = new ScriptedHandler();
    SecureStream stream = context.streams().open("chat", handler);
    handler.give("be", MessageFlags.SOM).give("gin", MessageFlags.EOM);
    TestLink link = context.link().up();
    stream.requestTx();
    link.written(1);

    change();

    assertThat(link.closes()).as("between two pieces").isEmpty();
    stream.requestTx();
    link.written(1);
    assertThat(link.sent()).containsExactly("be:SOM", "gin:EOM");
    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
  }

  @Test
  void waitingEndsAtTheLimit() {
    EventLog.of(context.open("chat"));
    TestLink link = context.link().up().frame("for ever", MessageFlags.SOM);
    change();

    context.pass(LIMIT.minusMillis(1));
    assertThat(link.closes()).isEmpty();
    context.pass(Duration.ofMillis(1));

    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
  }

  @Test
  void connectionThatEndsByItselfMakesRoomToo() {
    EventLog log = EventLog.of(context.open("chat"));
    TestLink link = context.link().up().frame("half", MessageFlags.SOM);
    change();
    log.skip();

    link.drop();

    assertThat(log.fresh())
        .as("without the wait of the old policy")
        .containsExactly("DISCONNECTED", "POLL", "CONNECTING");
  }

  private void change() {
    assertThat(
            context.streams().updatePolicy(POLICY.replace("\"a\"", "\"b\"")).blockOptional(LIMIT))
        .isPresent();
  }
}
