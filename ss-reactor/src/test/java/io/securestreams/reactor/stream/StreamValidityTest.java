package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whether the peer is still there. */
class StreamValidityTest {

  private static final String POLICY =
      """
      {"retry":[{"r":{"backoff":[100],"conceal":1,"svalidping":1,"svalidhup":3}},
                {"off":{"backoff":[100],"conceal":1,"svalidping":1,"svalidhup":0}}],
       "s":[
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"r"}},
       {"trust":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"off"}},
       {"plain":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true}},
       {"h2":{"endpoint":"h","port":80,"protocol":"h2","tls":true,"http_method":"GET",
              "http_url":"x","opportunistic":true,"retry":"r"}},
       {"short":{"endpoint":"h","port":80,"protocol":"h2","tls":true,"http_method":"GET",
              "http_url":"x","opportunistic":true}},
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  @Test
  void pingsAndHangsUpOnAPeerThatIsSilent() {
    EventLog log = EventLog.of(context.open("chat"));
    TestLink link = context.link().up();
    context.passMs(999);
    assertThat(link.pings()).isZero();
    context.passMs(1);
    assertThat(link.pings()).isEqualTo(1);
    context.passMs(1999);
    assertThat(link.closes()).isEmpty();

    context.passMs(1);
    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
    context.passMs(100);
    context.link().up();

    assertThat(log.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.TIMEOUT);
    assertThat(log.all())
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
  void startsAnewWithEachProof() {
    EventLog.of(context.open("chat"));
    TestLink link = context.link().up();

    for (int i = 1; i <= 5; i++) {
      context.passMs(1000);
      assertThat(link.pings()).isEqualTo(i);
      context.passMs(1000);
      link.alive();
    }

    assertThat(link.closes()).isEmpty();
  }

  @Test
  void checksAResponseOverHttp2() {
    SecureStream stream = context.open("h2");
    EventLog log = EventLog.of(stream);
    stream.connect();
    TestLink link = context.link().up();
    context.passMs(1000);
    assertThat(link.pings()).isEqualTo(1);
    link.alive();
    context.passMs(1000);
    assertThat(link.pings()).isEqualTo(2);

    context.passMs(2000);

    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
    assertThat(log.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.TIMEOUT);
  }

  @Test
  void leavesAResponseWithoutASchemeToItsTimeLimits() {
    SecureStream stream = context.open("short");
    EventLog.of(stream);
    stream.connect();
    TestLink link = context.link().up();

    context.passMs(60_000);

    assertThat(link.pings()).isZero();
    assertThat(link.closes()).isEmpty();
  }

  @Test
  void believesTheApplication() {
    SecureStream stream = context.open("chat");
    stream.validityConfirmed();
    EventLog.of(stream);
    TestLink link = context.link().up();
    context.passMs(999);
    stream.validityConfirmed();
    context.passMs(999);

    assertThat(link.pings()).isZero();
    context.passMs(1);
    assertThat(link.pings()).isEqualTo(1);
  }

  @Test
  void takesAMessageForNoProof() {
    EventLog.of(context.open("chat"));
    TestLink link = context.link().up();
    context.passMs(2500);
    link.message("still here");

    context.passMs(500);

    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void pausesWhileNothingIsRead() {
    EventLog log = EventLog.of(context.open("chat"), 3);
    TestLink link = context.link().up();
    link.message("uses up the credit");

    context.pass(Duration.ofMinutes(10));
    int pings = link.pings();
    log.request(10);
    context.passMs(1000);

    assertThat(pings).isZero();
    assertThat(link.closes()).isEmpty();
    assertThat(link.pings()).isEqualTo(1);
  }

  @Test
  void doesNotCheckWithoutHangup() {
    EventLog.of(context.open("trust"));
    TestLink link = context.link().up();

    context.pass(Duration.ofMinutes(10));

    assertThat(link.pings()).isZero();
    assertThat(link.closes()).isEmpty();
  }

  @Test
  void pingsAfterFortyAndHangsUpAfterFiftySecondsWithoutAScheme() {
    EventLog.of(context.open("plain"));
    TestLink link = context.link().up();
    context.pass(Duration.ofSeconds(40));
    assertThat(link.pings()).isEqualTo(1);

    context.pass(Duration.ofSeconds(10));

    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void doesNotCheckTransactions() {
    SecureStream get = context.open("get");
    EventLog.of(get);
    get.connect();
    TestLink link = context.link().up();

    context.pass(Duration.ofMinutes(10));

    assertThat(link.pings()).isZero();
    assertThat(link.closes()).isEmpty();
  }

  @Test
  void stopsWatchingAConnectionThatIsGone() {
    SecureStream chat = context.open("chat");
    EventLog.of(chat);
    TestLink link = context.link().up();
    chat.disconnect();

    context.pass(Duration.ofMinutes(10));

    assertThat(link.pings()).isZero();
    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
  }
}
