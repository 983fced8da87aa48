package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

/** Messages that come in pieces from a source of the application's. */
class StreamTxPiecesTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1,"svalidhup":0}}],
       "s":[
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "opportunistic":true,"retry":"r1"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final SecureStream stream = context.open("chat");
  private final TestPublisher<Payload> source = TestPublisher.create();

  @Test
  void marksTheFirstAndTheLastPiece() {
    TestLink link = connected();
    stream
        .tx()
        .send(Flux.just("a", "b", "c").map(Payload::utf8))
        .subscribe(nothing -> {}, error -> {});

    assertThat(link.sent()).containsExactly("a:SOM", "b:-", "c:EOM");
  }

  @Test
  void marksASinglePieceAsBoth() {
    TestLink link = connected();

    stream.tx().send(Flux.just(Payload.utf8("a"))).subscribe(nothing -> {}, error -> {});

    assertThat(link.sent()).containsExactly("a:SOM|EOM");
  }

  @Test
  void sendsAnEmptySourceAsOneEmptyPiece() {
    TestLink link = connected();

    stream.tx().send(Flux.empty()).subscribe(nothing -> {}, error -> {});

    assertThat(link.sent()).containsExactly(":SOM|EOM");
  }

  @Test
  void sendsAPieceAlthoughTheNextIsNotThereYet() {
    TestLink link = connected();
    stream.tx().send(source).subscribe(nothing -> {}, error -> {});

    source.next(Payload.utf8("a"));
    List<String> first = link.sent();
    source.next(Payload.utf8("b"));
    List<String> second = link.sent();
    source.complete();

    assertThat(first).containsExactly("a:SOM");
    assertThat(second).containsExactly("b:-");
    assertThat(link.sent()).containsExactly(":EOM");
  }

  @Test
  void marksTheLastPieceOfAnAnnouncedLengthHoweverLateTheEndComes() {
    TestLink link = connected();
    stream.tx().send(source, 2).subscribe(nothing -> {}, error -> {});

    source.next(Payload.utf8("a"));
    List<String> first = link.sent();
    source.next(Payload.utf8("b"));
    List<String> second = link.sent();
    source.complete();

    assertThat(first).containsExactly("a:SOM");
    assertThat(second).isEmpty();
    assertThat(link.sent()).containsExactly("b:EOM");
  }

  @Test
  void completesWhenTheLastPieceIsWritten() {
    TestLink link = connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(Flux.just("a", "b").map(Payload::utf8)).subscribe(outcome);

    link.written(1);
    boolean early = outcome.isTerminated();
    link.written(1);

    assertThat(early).isFalse();
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void letsNoOtherMessageInBetween() {
    TestLink link = connected();
    stream.tx().send(source).subscribe(nothing -> {}, error -> {});
    source.next(Payload.utf8("a"), Payload.utf8("b"));

    stream.tx().tryEmitNext(Payload.utf8("other"));
    assertThat(link.sent()).containsExactly("a:SOM", "b:-");
    source.complete();

    assertThat(link.sent()).containsExactly(":EOM", "other:SOM|EOM");
  }

  @Test
  void asksItsSourceOnlyAsFastAsTheLinkWrites() {
    TestLink link = connected();
    List<Long> requests = new ArrayList<>();
    stream
        .tx()
        .send(Flux.range(0, 100).map(i -> Payload.utf8("" + i)).doOnRequest(requests::add))
        .subscribe(nothing -> {}, error -> {});
    long ahead = requests.stream().mapToLong(Long::longValue).sum();

    link.written(5);

    assertThat(ahead).isBetween(2L, 16L);
    assertThat(requests.stream().mapToLong(Long::longValue).sum()).isEqualTo(ahead + 5);
    assertThat(link.sentCount()).isEqualTo((int) ahead + 5);
  }

  @Test
  void sendsAllOfALongSource() {
    TestLink link = connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(Flux.range(0, 100).map(i -> Payload.utf8("" + i))).subscribe(outcome);

    for (int i = 0; i < 100; i++) {
      link.written(1);
    }

    assertThat(link.sent()).hasSize(100).startsWith("0:SOM", "1:-").endsWith("98:-", "99:EOM");
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void staysInTheWindowAlsoBehindOtherMessages() {
    TestLink link = connected();
    for (int i = 1; i < Link.WINDOW; i++) {
      stream.tx().tryEmitNext(Payload.utf8("m"));
    }

    stream
        .tx()
        .send(Flux.range(0, 20).map(i -> Payload.utf8("" + i)))
        .subscribe(nothing -> {}, error -> {});
    int before = link.sentCount();
    link.written(Link.WINDOW / 2);

    assertThat(before).isLessThanOrEqualTo(Link.WINDOW);
    for (int i = 0; i < 60; i++) {
      link.written(1);
    }
    assertThat(link.sentCount()).isEqualTo(Link.WINDOW - 1 + 20);
  }

  @Test
  void abortsTheConnectionWhenItsSourceFails() {
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(source).subscribe(outcome);
    TestLink link = context.link().up();
    source.next(Payload.utf8("a"), Payload.utf8("b"));

    source.error(new IllegalStateException("no more"));

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PLAN);
    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
    assertThat(log.states()).endsWith(StreamState.DISCONNECTED);
    context.passMs(100);
    assertThat(context.link().up().sent()).isEmpty();
  }

  @Test
  void endsTheSeriesWhenTheSourceOfABodyFails() {
    SecureStream post = context.open("post");
    EventLog log = EventLog.of(post);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    post.tx().send(source).subscribe(outcome);
    TestLink link = context.link().txReady();
    source.next(Payload.utf8("a"));

    source.error(new IllegalStateException("no more"));

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PLAN);
    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
    assertThat(log.states()).endsWith(StreamState.UNREACHABLE, StreamState.ALL_RETRIES_FAILED);
  }

  @Test
  void failsWhenThereAreMoreBytesThanAnnounced() {
    TestLink link = connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();

    stream.tx().send(Flux.just("abc", "def").map(Payload::utf8), 5).subscribe(outcome);

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PLAN);
    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
  }

  @Test
  void failsWhenThereAreFewerBytesThanAnnounced() {
    TestLink link = connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();

    stream.tx().send(Flux.just("abc", "d").map(Payload::utf8), 5).subscribe(outcome);

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.PLAN);
    assertThat(link.sent()).doesNotContain("d:EOM");
  }

  @Test
  void failsAMessageInTheMiddleWhenTheConnectionDrops() {
    TestLink link = connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(source).subscribe(outcome);
    source.next(Payload.utf8("a"), Payload.utf8("b"));

    link.drop();
    context.passMs(100);

    assertThat(kindOf(outcome)).isEqualTo(FailureKind.CLOSED);
    source.assertCancelled();
    assertThat(context.link().up().sent()).isEmpty();
  }

  @Test
  void doesNotSubscribeItsSourceBeforeThereIsAConnection() {
    EventLog.of(stream);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(source).subscribe(outcome);
    context.link().fail(FailureKind.CONNECT);
    source.assertWasNotSubscribed();
    context.passMs(100);

    TestLink link = context.link().up();
    source.next(Payload.utf8("a")).complete();

    assertThat(link.written(2).sent()).containsExactly("a:SOM", ":EOM");
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void failsWhenTheStreamIsDestroyedInTheMiddle() {
    connected();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(source).subscribe(outcome);
    source.next(Payload.utf8("a"));

    stream.destroy();

    source.assertCancelled();
    assertThat(outcome.isTerminatedError()).isTrue();
  }

  @Test
  void showsTheSendersContextToTheSource() {
    TestLink link = connected();

    stream
        .tx()
        .send(Flux.deferContextual(view -> Flux.just(Payload.utf8(view.get("text")))))
        .contextWrite(Context.of("text", "from context"))
        .subscribe(nothing -> {}, error -> {});

    assertThat(link.sent()).containsExactly("from context:SOM|EOM");
  }

  private TestLink connected() {
    EventLog.of(stream);
    stream.connect();
    return context.link().up();
  }

  private static FailureKind kindOf(TestSubscriber<Void> outcome) {
    return ((StreamFailedException) outcome.expectTerminalError()).kind();
  }
}
