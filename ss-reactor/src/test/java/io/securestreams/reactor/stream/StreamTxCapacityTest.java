package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.StepVerifier;

/** How many messages a stream holds, and what happens to one more. */
class StreamTxCapacityTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1,"svalidhup":0}}],
       "s":[{"chat":{"endpoint":"h","port":80,"protocol":"ws","retry":"r1"}}]}
      """;

  @RegisterExtension
  final TestStreams context = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(4));

  private final SecureStream stream = context.open("chat");

  @Test
  void overflowsWhenAsManyAsItHoldsAreNotWritten() {
    EventLog.of(stream);
    emit("1");
    TestLink link = context.link().up();
    emit("2");
    emit("3");
    emit("4");

    EmitResult full = emit("5");
    link.written(1);
    EmitResult after = emit("6");

    assertThat(full).isEqualTo(EmitResult.FAIL_OVERFLOW);
    assertThat(after).isEqualTo(EmitResult.OK);
    assertThat(link.sent())
        .containsExactly("1:SOM|EOM", "2:SOM|EOM", "3:SOM|EOM", "4:SOM|EOM", "6:SOM|EOM");
  }

  @Test
  void tellsHowFullItIs() {
    EventLog.of(stream);
    emit("1");
    emit("2");

    Scannable sink = Scannable.from(stream.tx());

    assertThat(sink.scan(Scannable.Attr.BUFFERED)).isEqualTo(2);
    assertThat(sink.scan(Scannable.Attr.CAPACITY)).isEqualTo(4);
  }

  @Test
  void failsASendThatDoesNotFit() {
    EventLog.of(stream);
    for (int i = 0; i < 4; i++) {
      emit("x");
    }

    StepVerifier.create(stream.tx().send(Payload.utf8("one too many")))
        .verifyErrorMatches(Exceptions::isOverflow);
  }

  @Test
  void throwsTheOverflowOfAnEmissionThatIsNotRetried() {
    EventLog.of(stream);
    for (int i = 0; i < 4; i++) {
      emit("x");
    }

    assertThat(
            catchThrowable(
                () -> stream.tx().emitNext(Payload.utf8("y"), EmitFailureHandler.FAIL_FAST)))
        .matches(Exceptions::isOverflow);
  }

  @Test
  void countsWhatWasGivenBackAgainstTheCapacity() {
    EventLog.of(stream);
    emit("1");
    TestLink first = context.link().up();
    emit("2");
    emit("3");
    emit("4");

    first.drop();

    assertThat(emit("5")).isEqualTo(EmitResult.FAIL_OVERFLOW);
  }

  @Test
  void holdsBackWhatExceedsTheWindowOfTheLink() {
    TestStreams wide = TestStreams.scripted(builder -> builder.policy(POLICY).txCapacity(100));
    SecureStream busy = wide.open("chat");
    EventLog.of(busy);
    for (int i = 0; i < 70; i++) {
      busy.tx().tryEmitNext(Payload.utf8(Integer.toString(i)));
    }
    TestLink link = wide.link().up();
    assertThat(link.sent()).hasSize(Link.WINDOW);

    link.written(2);

    assertThat(link.sent()).containsExactly("64:SOM|EOM", "65:SOM|EOM");
    wide.streams().close();
  }

  private EmitResult emit(String text) {
    return stream.tx().tryEmitNext(Payload.utf8(text));
  }
}
