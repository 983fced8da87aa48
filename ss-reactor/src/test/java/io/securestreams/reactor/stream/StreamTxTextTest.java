package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What is sent as WebSocket text must be UTF-8. Source: RFC 6455, section 5.6. */
class StreamTxTextTest {

  private static final Payload NO_TEXT = Payload.wrap(new byte[] {'a', (byte) 0xFF});
  private static final Payload CUT = Payload.wrap(new byte[] {(byte) 0xE2, (byte) 0x82});
  private static final Payload REST = Payload.wrap(new byte[] {(byte) 0xAC});

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1,"svalidhup":0}}],
       "s":[{"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1"}},
            {"blobs":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1","ws_binary":true}},
            {"raw":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST"}},
            {"inn":{"server":true,"port":1,"protocol":"ws"}}]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final SecureStream stream = context.open("chat");

  private static String cause(TestSubscriber<Void> outcome) {
    Throwable error = outcome.expectTerminalError();
    assertThat(error).isInstanceOf(StreamFailedException.class);
    assertThat(((StreamFailedException) error).kind()).isEqualTo(FailureKind.PLAN);
    return String.valueOf(error.getMessage());
  }

  private TestSubscriber<Void> send(Payload message) {
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(message).subscribe(outcome);
    return outcome;
  }

  @Test
  void failsTheSendAndKeepsTheConnection() {
    EventLog log = EventLog.of(stream);
    stream.connect();
    TestLink link = context.link().up();

    TestSubscriber<Void> bad = send(NO_TEXT);
    TestSubscriber<Void> good = send(Payload.utf8("\u20ac"));
    link.written(1);

    assertThat(cause(bad)).contains("'chat'").contains("no UTF-8").contains("ws_binary");
    assertThat(good.isTerminatedComplete()).isTrue();
    assertThat(link.sent()).containsExactly("\u20ac:SOM|EOM");
    assertThat(log.states()).endsWith(StreamState.CONNECTED);
  }

  @Test
  void discardsABareEmission() {
    EventLog log = EventLog.of(stream);
    stream.connect();
    context.link().up();

    stream.tx().tryEmitNext(CUT);

    assertThat(stream.tx().discarded()).isEqualTo(1);
    assertThat(log.discarded()).hasSize(1);
  }

  @Test
  void isNotSentAgainByTheNextConnection() {
    EventLog.of(stream);
    TestSubscriber<Void> outcome = send(NO_TEXT);
    TestLink link = context.link().up();

    assertThat(cause(outcome)).contains("no UTF-8");
    link.drop();
    context.passMs(200);

    assertThat(context.link().up().sent()).isEmpty();
  }

  @Test
  void joinsPiecesInsideACharacter() {
    EventLog.of(stream);
    stream.connect();
    TestLink link = context.link().up();
    TestSubscriber<Void> outcome = TestSubscriber.create();

    stream.tx().send(Flux.just(CUT, REST)).subscribe(outcome);
    link.written(2);

    assertThat(outcome.isTerminatedComplete()).isTrue();
    assertThat(link.sentCount()).isEqualTo(2);
  }

  @Test
  void breaksOffAMessageWhosePieceIsNoText() {
    EventLog log = EventLog.of(stream);
    stream.connect();
    TestLink link = context.link().up();
    TestSubscriber<Void> outcome = TestSubscriber.create();
    TestPublisher<Payload> source = TestPublisher.create();
    stream.tx().send(source).subscribe(outcome);

    source.next(Payload.utf8("well"), NO_TEXT, Payload.utf8("unseen"));

    assertThat(link.sent()).containsExactly("well:SOM");
    assertThat(link.closes()).hasSize(1);
    assertThat(cause(outcome)).contains("no UTF-8");
    assertThat(log.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.PLAN);
  }

  @Test
  void closesForAHandlerThatGivesNoText() {
    ScriptedHandler handler = new ScriptedHandler().give(NO_TEXT, MessageFlags.SOM_EOM);
    SecureStream handled = context.streams().open("chat", handler);
    handled.requestTx();
    TestLink link = context.link().up();

    assertThat(link.sent()).isEmpty();
    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all()).endsWith("tx#0", "DISCONNECTED");
    handled.destroy();
  }

  @Test
  void sendsAnyBytesAsBinaryAndOverHttp() {
    SecureStream binary = context.open("blobs");
    EventLog.of(binary);
    binary.tx().tryEmitNext(NO_TEXT);
    assertThat(context.link().up().sentCount()).isEqualTo(1);

    SecureStream http = context.open("raw");
    EventLog.of(http);
    http.tx().tryEmitNext(NO_TEXT);
    assertThat(context.link().txReady().sentCount()).isEqualTo(1);
  }

  @Test
  void holdsForAcceptedStreams() {
    TestSubscriber<AcceptedStream> accepted = TestSubscriber.create();
    context.streams().serve("inn").accepted().subscribe(accepted);
    TestLink link = context.server().connect();
    AcceptedStream server = accepted.getReceivedOnNext().get(0);
    EventLog.of(server);
    link.upgrades();
    TestSubscriber<Void> outcome = TestSubscriber.create();

    server.tx().send(NO_TEXT).subscribe(outcome);

    assertThat(cause(outcome)).contains("no UTF-8");
    assertThat(link.sent()).isEmpty();
  }
}
