package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever callback wants the end of its stream gets it, in order. */
class StreamHandlerEndsTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1}}],
       "s":[{"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "http_resp_map":[{"530":1530}],"opportunistic":true,"retry":"r1"}}]}
      """;

  /** The story that {@link #play} tells when every callback says OK. */
  private static final List<String> STORY =
      List.of(
          "CREATING",
          "POLL",
          "CONNECTING",
          "UNREACHABLE",
          "POLL",
          "CONNECTING",
          "1530",
          "CONNECTED",
          "rx(4,SOM)",
          "rx(0,EOM)",
          "QOS_ACK_REMOTE",
          "DISCONNECTED",
          "CONNECTING",
          "UNREACHABLE",
          "POLL",
          "CONNECTING",
          "UNREACHABLE",
          "ALL_RETRIES_FAILED",
          "TIMEOUT",
          "DESTROYING");

  private static final List<String> CALLBACKS =
      List.of(
          "CREATING",
          "POLL",
          "CONNECTING",
          "UNREACHABLE",
          "1530",
          "CONNECTED",
          "rx",
          "QOS_ACK_REMOTE",
          "DISCONNECTED",
          "ALL_RETRIES_FAILED",
          "TIMEOUT");

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();

  static Stream<String> callbacks() {
    return CALLBACKS.stream();
  }

  static Stream<Arguments> callbacksAndEnds() {
    return callbacks()
        .flatMap(
            callback ->
                Stream.of(StreamReturn.DESTROY_ME, StreamReturn.HANDLE_DESTROYED)
                    .map(result -> Arguments.of(callback, result)));
  }

  @Test
  void tellsTheWholeStory() {
    play();

    assertThat(handler.all()).isEqualTo(STORY);
  }

  @ParameterizedTest(name = "{1} in {0}")
  @MethodSource("callbacksAndEnds")
  void destroysTheStreamWhenACallbackSaysSo(String callback, StreamReturn result) {
    handler.answer(callback, result);

    play();

    assertThat(handler.all()).isEqualTo(storyUntil(callback));
  }

  @ParameterizedTest(name = "destroy() in {0}")
  @MethodSource("callbacks")
  void destroysTheStreamWhenACallbackCallsDestroy(String callback) {
    handler.inside(callback, SecureStream::destroy);

    play();

    assertThat(handler.all()).isEqualTo(storyUntil(callback));
  }

  @ParameterizedTest(name = "{0} throws")
  @MethodSource("callbacks")
  void destroysTheStreamOfACallbackThatThrows(String callback) {
    handler.onFirst(
        callback,
        stream -> {
          throw new AssertionError("a callback must not throw");
        });

    play();

    assertThat(handler.all()).isEqualTo(storyUntil(callback));
    assertThat(context.errors().take()).hasSize(1);
  }

  @ParameterizedTest(name = "TX_DONT_SEND in {0}")
  @MethodSource("callbacks")
  void goesOnWhenACallbackOtherThanTxSaysDontSend(String callback) {
    handler.answer(callback, StreamReturn.TX_DONT_SEND);

    play();

    assertThat(handler.all()).isEqualTo(STORY);
  }

  @Test
  void saysNothingAfterDestroying() {
    handler.inside("DESTROYING", SecureStream::connect);

    play();

    assertThat(handler.all()).isEqualTo(STORY);
  }

  private void play() {
    SecureStream stream = context.streams().open("get", handler);
    stream.requestTx();
    fail();
    context.passMs(100);
    reply();
    stream.connect();
    fail();
    context.passMs(100);
    fail();
    stream.startTimeout(Duration.ofMillis(50));
    context.passMs(50);
    stream.destroy();
  }

  private void fail() {
    if (hasAttempt()) {
      context.link().fail(FailureKind.CONNECT);
    }
  }

  private void reply() {
    if (hasAttempt()) {
      context.link().up(1530).frame("body", MessageFlags.SOM).frame("", MessageFlags.EOM).ack();
    }
  }

  private int played;

  private boolean hasAttempt() {
    boolean has = context.transport().attempts() > played;
    if (has) {
      played++;
    }
    return has;
  }

  private static List<String> storyUntil(String callback) {
    List<String> told = new ArrayList<>();
    boolean connected = false;
    for (String text : STORY) {
      told.add(text);
      connected = !text.equals("DISCONNECTED") && (connected || text.equals("CONNECTED"));
      if (text.equals(callback) || (callback.equals("rx") && text.startsWith("rx"))) {
        break;
      }
    }
    if (connected) {
      told.add("DISCONNECTED");
    }
    told.add("DESTROYING");
    return told;
  }
}
