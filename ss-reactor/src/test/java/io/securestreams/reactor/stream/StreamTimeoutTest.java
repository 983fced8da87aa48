package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The stream's own timer. */
class StreamTimeoutTest {

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
  void takesTheTimeoutOfThePolicyForZero() {
    EventLog log = EventLog.of(get);
    get.startTimeout(Duration.ZERO);
    context.passMs(299);
    assertThat(log.states()).doesNotContain(StreamState.TIMEOUT);

    context.passMs(1);
    context.pass(Duration.ofSeconds(10));

    assertThat(log.all()).containsExactly("CREATING", "TIMEOUT");
  }

  @Test
  void replacesAndCancelsTheTimeout() {
    EventLog log = EventLog.of(chat);
    chat.startTimeout(Duration.ofMillis(100));
    context.passMs(99);
    chat.startTimeout(Duration.ofMillis(100));
    context.passMs(99);
    chat.cancelTimeout();

    context.pass(Duration.ofSeconds(10));

    assertThat(log.all()).containsExactly("CREATING");
  }
}
