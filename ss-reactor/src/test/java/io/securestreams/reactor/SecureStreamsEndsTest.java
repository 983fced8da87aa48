package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** What is not opened, and how everything ends. */
class SecureStreamsEndsTest {

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
  void suggestsTheNameOfAStreamTypeThatIsMisspelt() {
    StepVerifier.create(streams.receive("chta"))
        .verifyErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("chta")
                    .hasMessageContaining("chat"));
    StepVerifier.create(streams.open("chta").events()).verifyError(PolicyException.class);
    assertThatThrownBy(() -> streams.open("chta", new ScriptedHandler()))
        .isInstanceOf(PolicyException.class);
  }

  @Test
  void refusesWhatDependsOnAKeyThatIsNotSupported() {
    StepVerifier.create(streams.open("blocked").events())
        .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("use_auth"));
  }

  @Test
  void refusesTheWrongSide() {
    StepVerifier.create(streams.receive("site"))
        .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("serve(\"site\")"));
    StepVerifier.create(streams.serve("get").accepted())
        .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("open(\"get\")"));
  }

  @Test
  void suggestsTheNameOfARetrySchemeThatIsMisspelt() {
    assertThatThrownBy(() -> streams.retry("r2"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("r2")
        .hasMessageContaining("r1");
  }

  @Test
  void startsNothingAfterItsEnd() {
    streams.close();

    EventLog log = EventLog.of(streams.open("chat"));

    assertThat(log.all()).containsExactly("complete");
    assertThat(streams.isDisposed()).isTrue();
  }

  @Test
  void closesGracefullyOnceTheRunningTransactionsAreOver() {
    SecureStream post = context.open("post");
    EventLog log = EventLog.of(post);
    post.tx().tryEmitNext(Payload.utf8("1"));
    post.tx().tryEmitNext(Payload.utf8("2"));
    TestLink first = context.link().txReady();
    TestSubscriber<Void> closed = TestSubscriber.create();
    streams.closeGracefully(Duration.ofSeconds(10)).subscribe(closed);

    first.replies("a");
    boolean early = closed.isTerminated();
    context.link().txReady().replies("b");

    assertThat(early).isFalse();
    assertThat(closed.isTerminatedComplete()).isTrue();
    assertThat(log.received()).isEqualTo("ab");
    assertThat(log.all()).endsWith("DISCONNECTED", "DESTROYING", "complete");
    assertThat(log.discarded()).isEmpty();
  }

  @Test
  void cutsOffWhatTakesTooLongToClose() {
    EventLog log = EventLog.of(context.open("chat"));
    SecureStream post = context.open("post");
    EventLog.of(post);
    post.tx().tryEmitNext(Payload.utf8("never answered"));
    TestLink link = context.link().txReady();
    TestSubscriber<Void> closed = TestSubscriber.create();
    streams.closeGracefully(Duration.ofSeconds(10)).subscribe(closed);
    assertThat(closed.isTerminated()).isFalse();

    context.pass(Duration.ofSeconds(10));

    assertThat(closed.isTerminatedComplete()).isTrue();
    assertThat(link.closes()).hasSize(1);
    assertThat(log.all()).endsWith("complete");
  }
}
