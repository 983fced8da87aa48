package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** What a subscriber asks for is what the connection may read. */
class StreamDemandTest {

  private static final String POLICY =
      """
      {"retry":[{"ever":{"backoff":[100],"conceal":65535}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "metadata":[{"region":"x-region:"}],
               "opportunistic":true,"retry":"ever"}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"ever"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  @Test
  void deliversNothingWithoutDemand() {
    EventLog log = EventLog.of(context.open("chat"), 0);

    context.link().up();

    assertThat(log.all()).isEmpty();
  }

  @Test
  void deliversOneEventForEachThatIsAskedFor() {
    EventLog log = EventLog.of(context.open("chat"), 0);
    context.link().up();

    log.request(1);
    assertThat(log.fresh()).containsExactly("CREATING");
    log.request(1);
    assertThat(log.fresh()).containsExactly("CONNECTING");
    log.request(1);
    assertThat(log.fresh()).containsExactly("CONNECTED");
  }

  @Test
  void givesNoCreditWhileTheStatesUseUpAllDemand() {
    EventLog.of(context.open("chat"), 3);
    TestLink link = context.link();

    link.up();

    // CREATING and CONNECTING took two of three; the third was open when the attempt began.
    assertThat(link.requests()).containsExactly(1L);
  }

  @Test
  void givesNoCreditWithoutDemand() {
    EventLog.of(context.open("chat"), 0);
    TestLink link = context.link();

    link.up();

    assertThat(link.requests()).isEmpty();
  }

  @Test
  void givesAsMuchCreditAsIsAskedForOneByOne() {
    EventLog log = EventLog.of(context.open("chat"), 2);
    TestLink link = context.link();
    link.up();
    log.request(1);

    for (int i = 1; i <= 5; i++) {
      log.request(1);
      assertThat(link.credit()).isEqualTo(1);
      link.message("m");
      assertThat(link.credit()).isZero();
    }

    assertThat(link.requests()).containsExactly(1L, 1L, 1L, 1L, 1L);
    assertThat(log.received()).isEqualTo("mmmmm");
  }

  @Test
  void doesNotGiveTheSameCreditTwice() {
    EventLog log = EventLog.of(context.open("chat"), 3);
    TestLink link = context.link();
    log.request(2);
    link.up();

    log.request(3);

    // 3 events are taken, 5 are open, and 1 of the credit went to CONNECTED.
    assertThat(link.credit()).isEqualTo(5);
    assertThat(link.requests()).containsExactly(1L, 2L, 2L);
  }

  @Test
  void countsWaitingEventsAgainstTheDemand() {
    EventLog log = EventLog.of(context.open("chat"), 3);
    TestLink link = context.link();
    link.up();
    link.message("waits");

    log.request(1);

    assertThat(log.received()).isEqualTo("waits");
    assertThat(link.credit()).isZero();
  }

  @Test
  void liftsTheLimitOnceForUnboundedDemand() {
    EventLog log = EventLog.of(context.open("chat"));
    TestLink link = context.link();
    link.up();

    link.message("a").message("b");
    log.request(7);

    assertThat(link.requests()).containsExactly(Long.MAX_VALUE);
  }

  @Test
  void deliversAnEmptyEndMarkerWithoutCreditOnceItIsAskedFor() {
    SecureStream stream = context.open("get");
    EventLog log = EventLog.of(stream, 4);
    stream.connect();
    TestLink link = context.link();
    link.up().frame("body", MessageFlags.SOM).frame("", MessageFlags.EOM).ack();
    log.skip();

    log.request(3);

    assertThat(log.fresh()).containsExactly("rx(0,EOM)", "QOS_ACK_REMOTE", "DISCONNECTED");
  }

  @Test
  void deliversMetadataInOrderBetweenTheStates() {
    SecureStream stream = context.open("get");
    EventLog log = EventLog.of(stream);
    stream.connect();

    context.link().up(0, new MetadataValue("region", "uk")).ack();

    assertThat(log.all())
        .containsExactly(
            "CREATING", "CONNECTING", "region=uk", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED");
  }

  @Test
  void startsNoAttemptWhileSixtyFourEventsWait() {
    SecureStream stream = context.open("chat");
    EventLog log = EventLog.of(stream, 0);
    for (int i = 0; i < 21; i++) {
      context.link().fail(FailureKind.CONNECT);
      context.passMs(100);
    }

    // 21 attempts left 63 states, POLL and CONNECTING of the next are two more.
    context.passMs(10_000);
    context.transport().expectNoAttempt();
    log.request(1);
    context.transport().expectNoAttempt();
    log.request(1);

    context.link().up();
  }

  @Test
  void dropsAnAttemptThatWaitedForDemandWhenItIsDisconnected() {
    SecureStream stream = context.open("chat");
    EventLog log = EventLog.of(stream, 0);
    for (int i = 0; i < 21; i++) {
      context.link().fail(FailureKind.CONNECT);
      context.passMs(100);
    }

    stream.disconnect();
    log.request(Long.MAX_VALUE);

    context.transport().expectNoAttempt();
    assertThat(log.all()).endsWith("POLL", "CONNECTING", "DISCONNECTED");
  }

  @Test
  void refusesASecondSubscriber() {
    SecureStream stream = context.open("chat");
    EventLog.of(stream);

    EventLog second = EventLog.of(stream);

    assertThat(second.error())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'chat'");
    assertThat(second.all()).containsExactly("error");
  }

  @Test
  void completesOnlyAfterDestroyingWasTaken() {
    SecureStream stream = context.open("get");
    EventLog log = EventLog.of(stream, 1);

    stream.destroy();
    assertThat(log.fresh()).containsExactly("CREATING");
    log.request(1);

    assertThat(log.fresh()).containsExactly("DESTROYING", "complete");
  }

  @Test
  void closesTheConnectionWhenTheSubscriberCancels() {
    EventLog log = EventLog.of(context.open("chat"));
    TestLink link = context.link();
    link.up();
    log.skip();

    log.cancel();

    assertThat(link.closes()).containsExactly(LinkClose.NORMAL);
    assertThat(log.fresh()).isEmpty();
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void discardsReceivedPiecesThatACancelLeavesUntaken() {
    EventLog log = EventLog.of(context.open("chat"), 3);
    TestLink link = context.link();
    link.up();
    link.message("nobody takes it");

    log.cancel();

    assertThat(log.discarded()).containsExactly("nobody takes it");
  }

  @Test
  void destroysTheStreamOfASubscriberThatThrows() {
    SecureStream stream = context.open("chat");
    EventLog log =
        EventLog.at(
            StreamState.CONNECTED,
            stream,
            () -> {
              throw new IllegalStateException("a subscriber must not throw");
            });
    TestLink link = context.link();

    link.up();

    assertThat(context.errors().take()).hasSize(1);
    assertThat(log.all()).endsWith("CONNECTED");
    assertThat(link.closes()).hasSize(1);
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void showsTheSubscribersContextToMetadata() {
    SecureStream stream = context.open("get");
    stream.metadata("region", Mono.deferContextual(view -> Mono.just(view.get("where"))));
    EventLog.of(stream, Context.of("where", "uk"));

    stream.connect();

    assertThat(context.link().http().headers()).contains(new Header("x-region", "uk"));
  }

  @Test
  void discardsAnUnsentMessageThroughTheSubscribersContext() {
    SecureStream stream = context.open("get");
    EventLog log = EventLog.of(stream);
    stream.tx().tryEmitNext(Payload.empty());
    context.link();
    stream.tx().tryEmitNext(Payload.utf8("second"));

    stream.destroy();

    assertThat(log.discarded()).contains("second");
    assertThat(List.copyOf(log.states())).endsWith(StreamState.DESTROYING);
  }
}
