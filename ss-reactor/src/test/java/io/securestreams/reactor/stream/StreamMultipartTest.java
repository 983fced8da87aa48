package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** A request takes as many messages as its body has parts. */
class StreamMultipartTest {

  private static final String POLICY =
      """
      {"retry":[{"r2":{"backoff":[100],"conceal":2}}],
       "s":[
       {"rs2":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST",
               "http_multipart_name":"audio","http_multipart_filename":"a.wav",
               "http_mime_content_type":"application/octet-stream"}},
       {"mp":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"mp",
              "http_multipart_name":"metadata",
              "http_mime_content_type":"application/json; charset=UTF-8",
              "rideshare":"rs2","opportunistic":true,"retry":"r2"}}
       ]}
      """;

  private static final String FIRST =
      "--AAAAAAAAAAAA\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
          + "Content-Type: application/json; charset=UTF-8\r\n\r\n";
  private static final String SECOND =
      "\r\n--AAAAAAAAAAAA\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n"
          + "Content-Type: application/octet-stream\r\n\r\n";
  private static final String END = "\r\n--AAAAAAAAAAAA--\r\n";

  @RegisterExtension
  final TestStreams context = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(4));

  private final SecureStream stream = context.open("mp");

  @Test
  void sendsAListOfPartsWithItsWholeLength() {
    EventLog.of(stream);

    TestSubscriber<Void> outcome = send("HELLO", "AUDIO");

    TestLink link = context.link().txReady();
    assertThat(link.http().body()).isEqualTo(BodyPlan.ofLength(268));
    assertThat(link.http().headers())
        .contains(new Header("content-type", "multipart/form-data; boundary=\"AAAAAAAAAAAA\""));
    assertThat(link.sent()).containsExactly(FIRST + "HELLO:SOM", SECOND + "AUDIO" + END + ":EOM");
    assertThat(outcome.isTerminated()).isFalse();
    link.written(2).replies("ok");
    assertThat(outcome.isTerminatedComplete()).isTrue();
    context.transport().expectNoAttempt();
  }

  @Test
  void takesSingleMessagesAsPartsAsTheyCome() {
    EventLog.of(stream);

    stream.tx().tryEmitNext(Payload.utf8("HELLO")).orThrow();
    TestLink link = context.link().txReady();
    assertThat(link.http().body()).isEqualTo(BodyPlan.CHUNKED);
    assertThat(link.sent()).containsExactly(FIRST + "HELLO:SOM");
    stream.tx().tryEmitNext(Payload.utf8("AUDIO")).orThrow();

    assertThat(link.sent()).containsExactly(SECOND + "AUDIO" + END + ":EOM");
    link.replies("ok");
    stream.tx().tryEmitNext(Payload.utf8("NEXT")).orThrow();
    assertThat(context.link().txReady().sent()).containsExactly(FIRST + "NEXT:SOM");
  }

  @Test
  void putsEachPartOfPiecesIntoItsPlace() {
    EventLog.of(stream);
    Flux<Payload> audio = Flux.just("AU", "DI", "O").map(Payload::utf8);

    stream.tx().tryEmitNext(Payload.utf8("HELLO")).orThrow();
    TestLink link = context.link().txReady();
    stream.tx().send(audio, 5).subscribe(TestSubscriber.create());

    assertThat(link.sent())
        .containsExactly(FIRST + "HELLO:SOM", SECOND + "AU:-", "DI:-", "O" + END + ":EOM");
  }

  @Test
  void sendsEmptyPartsToo() {
    EventLog.of(stream);

    send("", "");

    assertThat(context.link().txReady().sent())
        .containsExactly(FIRST + ":SOM", SECOND + END + ":EOM");
  }

  @Test
  void sendsTheSamePartsAgainIfNothingArrived() {
    EventLog.of(stream);
    TestSubscriber<Void> outcome = send("HELLO", "AUDIO");
    TestLink first = context.link().txReady();
    assertThat(first.sent()).hasSize(2);
    first.fail(FailureKind.CONNECT);
    context.passMs(100);

    TestLink second = context.link().txReady();

    assertThat(second.http().body()).isEqualTo(BodyPlan.ofLength(268));
    assertThat(second.sent()).containsExactly(FIRST + "HELLO:SOM", SECOND + "AUDIO" + END + ":EOM");
    second.replies("ok");
    assertThat(outcome.isTerminatedComplete()).isTrue();
  }

  @Test
  void failsAllPartsThatMayHaveArrived() {
    EventLog.of(stream);
    TestSubscriber<Void> outcome = send("HELLO", "AUDIO");

    context.link().txReady().failAfterSending(FailureKind.CLOSED);

    assertThat(outcome.expectTerminalError()).isInstanceOf(StreamFailedException.class);
    context.passMs(1000);
    context.transport().expectNoAttempt();
  }

  @Test
  void refusesAListOfAnotherNumberBeforeAnythingIsSent() {
    EventLog.of(stream);

    assertThat(send("HELLO").expectTerminalError())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'mp'", "2 messages", "rideshare");
    assertThat(send("a", "b", "c").expectTerminalError())
        .isInstanceOf(IllegalArgumentException.class);
    context.transport().expectNoAttempt();
  }

  @Test
  void refusesAListThatDoesNotFitIntoTheQueueAsAWhole() {
    send("1", "2");
    stream.tx().tryEmitNext(Payload.utf8("3")).orThrow();

    TestSubscriber<Void> outcome = send("4", "5");

    assertThat(Exceptions.isOverflow(outcome.expectTerminalError())).isTrue();
    stream.tx().tryEmitNext(Payload.utf8("4")).orThrow();
  }

  @Test
  void breaksAnUploadOffThatLacksAPart() {
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(Payload.utf8("HELLO")).subscribe(outcome);
    TestLink link = context.link().txReady();

    stream.tx().tryEmitComplete();

    assertThat(link.closes()).containsExactly(LinkClose.ABORT);
    assertThat(link.sent()).containsExactly(FIRST + "HELLO:SOM");
    assertThat(outcome.expectTerminalError())
        .isInstanceOf(StreamFailedException.class)
        .hasMessageContainingAll("2 parts", "mp, rs2", "1 were given");
    assertThat(log.all()).endsWith("UNREACHABLE", "ALL_RETRIES_FAILED");
    context.transport().expectNoAttempt();
  }

  @Test
  void breaksAnUploadOffThatAnotherOneFollows() {
    EventLog.of(stream);
    TestSubscriber<Void> half = TestSubscriber.create();
    stream.tx().send(Payload.utf8("HALF")).subscribe(half);
    TestLink first = context.link().txReady();

    send("HELLO", "AUDIO");

    assertThat(first.closes()).containsExactly(LinkClose.ABORT);
    assertThat(half.expectTerminalError()).isInstanceOf(StreamFailedException.class);
  }

  @Test
  void asksAHandlerForOnePartAfterTheOther() {
    List<String> asked = new ArrayList<>();
    ScriptedHandler handler =
        new ScriptedHandler()
            .give("HEL", MessageFlags.SOM)
            .give("LO", MessageFlags.EOM)
            .give("AUDIO", MessageFlags.SOM_EOM)
            .inside(
                "tx",
                asking -> {
                  asked.add(asking.rideshare());
                  asking.requestTx();
                })
            .inside("CONNECTED", connected -> asked.add("CONNECTED " + connected.rideshare()));
    SecureStream opened = context.streams().open("mp", handler);
    opened.requestTx();

    TestLink link = context.link().txReady();

    assertThat(link.http().body()).isEqualTo(BodyPlan.CHUNKED);
    assertThat(link.sent())
        .containsExactly(FIRST + "HEL:SOM", "LO:-", SECOND + "AUDIO" + END + ":EOM");
    link.replies("ok");
    assertThat(asked).containsExactly("mp", "mp", "rs2", "CONNECTED mp");
    assertThat(opened.rideshare()).isEqualTo("mp");
    opened.destroy();
  }

  @Test
  void countsTheFramingIntoTheLengthThatAHandlerAnnounces() {
    SecureStream opened = context.streams().open("mp", new ScriptedHandler());

    opened.requestTxLen(10);

    assertThat(context.link().http().body()).isEqualTo(BodyPlan.ofLength(268));
    opened.destroy();
  }

  private TestSubscriber<Void> send(String... parts) {
    TestSubscriber<Void> outcome = TestSubscriber.create();
    stream.tx().send(List.of(parts).stream().map(Payload::utf8).toList()).subscribe(outcome);
    return outcome;
  }
}
