package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** One stream for several subscribers, in the ways that its documentation advises. */
class SharedReceiveTest {

  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final String POLICY =
      """
      {"s":[{"chat":{"endpoint":"h","port":80,"protocol":"ws","opportunistic":true}}]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final TestSubscriber<String> staying = TestSubscriber.create();
  private final TestSubscriber<String> brief = TestSubscriber.create();

  private Flux<String> shared = Flux.empty();

  private TestLink connected(UnaryOperator<Flux<Payload>> way) {
    shared = way.apply(context.streams().receive("chat")).map(Payload::utf8);
    shared.take(3).subscribe(staying);
    return context.link().up().message("one");
  }

  @Test
  void whoComesLateSeesWhatFollows() {
    TestLink link = connected(Flux::share);

    shared.next().subscribe(brief);
    link.message("two").message("three");

    assertThat(brief.getReceivedOnNext()).containsExactly("two");
    assertThat(staying.getReceivedOnNext()).containsExactly("one", "two", "three");
    assertThat(context.streams().openStreams()).as("after the last one left").isZero();
    assertThat(link.closes()).hasSize(1);
  }

  @Test
  void whoComesLateMaySeeWhatCameBefore() {
    TestLink link = connected(one -> one.replay(2).refCount(1, GRACE, context.time()));

    shared.next().subscribe(brief);
    link.message("two").message("three");
    context.pass(GRACE);

    assertThat(brief.getReceivedOnNext()).containsExactly("one");
    assertThat(staying.getReceivedOnNext()).containsExactly("one", "two", "three");
    assertThat(context.streams().openStreams()).as("after the last one left").isZero();
    assertThat(link.closes()).hasSize(1);
  }
}
