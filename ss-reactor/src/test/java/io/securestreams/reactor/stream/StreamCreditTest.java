package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the application says about the peer's credit, with and without a link. */
final class StreamCreditTest {

  private static final String POLICY =
      """
      {"retry":[{"r":{"backoff":[100],"conceal":5,"svalidhup":0}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h2","tls":true,"http_method":"GET",
               "http_url":"x","retry":"r"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final SecureStream stream = context.open("get");

  @Test
  void grantsNothingWithoutALink() {
    stream.addPeerTxCredit(5);
    EventLog.of(stream);
    stream.addPeerTxCredit(5);
    assertThat(stream.estimatedPeerTxCredit()).isZero();

    stream.connect();
    TestLink link = context.link();
    assertThat(link.grants()).as("automatic credit").isEmpty();
    link.fail(FailureKind.CONNECT);
    stream.addPeerTxCredit(5);

    assertThat(link.grants()).isEmpty();
    assertThat(stream.estimatedPeerTxCredit()).isZero();
  }

  @Test
  void beginsEveryLinkWithTheInitialCredit() {
    stream.manualTxCredit(100);
    EventLog.of(stream);
    stream.connect();
    TestLink link = context.link();
    stream.addPeerTxCredit(7);
    stream.addPeerTxCredit(0);
    stream.addPeerTxCredit(-3);
    assertThat(stream.estimatedPeerTxCredit()).isEqualTo(107);
    link.fail(FailureKind.CONNECT);
    context.passMs(100);

    assertThat(link.grants()).containsExactly("manual 100", "add 7");
    assertThat(context.link().grants()).containsExactly("manual 100");
  }

  @Test
  void refusesToBeginWithoutCredit() {
    assertThatThrownBy(() -> stream.manualTxCredit(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 byte or more");
  }
}
