package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** Streams that are joined to a sink of their own process. */
class LocalSinkTest {

  private static final String POLICY =
      """
      {"s":[
       {"log":{"local_sink":true,"metadata":[{"level":""}]}},
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET"}},
       {"site":{"server":true,"port":80,"protocol":"h1","metadata":[{"method":"","path":""}]}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final List<String> story = new ArrayList<>();

  /** Who asked to join, or left. */
  private final List<SecureStream> handles = new ArrayList<>();

  /** A handler whose callbacks go into one story with those of the other side. */
  private final class Teller implements StreamHandler {

    private final String name;
    private final ScriptedHandler script = new ScriptedHandler();

    Teller(String name) {
      this.name = name;
    }

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      boolean ordinal =
          event.state() == StreamState.SINK_JOIN || event.state() == StreamState.SINK_PART;
      if (ordinal) {
        handles.add(stream);
      }
      story.add(name + " " + event.state() + (ordinal ? "(" + event.ordinal() + ")" : ""));
      return script.state(stream, event);
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      story.add(name + " rx(" + payload.utf8() + "," + flags + ")");
      return script.rx(stream, payload, flags);
    }

    @Override
    public StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
      story.add(name + " tx#" + ordinal);
      return script.tx(stream, ordinal, buffer);
    }
  }

  private final Teller sink = new Teller("sink");
  private final Teller source = new Teller("source");

  // --- joining --------------------------------------------------------------------------------

  @Test
  void joinsSendsAndPartsInTheOrderOfTheReference() {
    // Given
    StreamServer server = context.streams().sink("log", sink);
    source.script.give("hello", MessageFlags.SOM_EOM);

    // When
    SecureStream stream = context.streams().open("log", source);
    stream.requestTx();
    boolean early = story.stream().anyMatch(word -> word.contains("rx"));
    turn();
    stream.destroy();

    // Then
    assertThat(early).isFalse();
    assertThat(story)
        .containsExactly(
            "sink SINK_JOIN(0)",
            "sink CREATING",
            "sink CONNECTING",
            "sink CONNECTED",
            "source CREATING",
            "source CONNECTING",
            "source CONNECTED",
            "source tx#0",
            "sink rx(hello,SOM|EOM)",
            "sink DISCONNECTED",
            "sink DESTROYING",
            "sink SINK_PART(0)",
            "source DISCONNECTED",
            "source DESTROYING");
    assertThat(handles).containsExactly(stream, stream);
    assertThat(server.clients()).isEmpty();
  }

  @Test
  void theEndOfTheSinksSideIsTheEndOfTheSource() {
    StreamServer server = context.streams().sink("log", sink);
    context.streams().open("log", source);
    story.clear();

    server.clients().get(0).destroy();

    assertThat(story)
        .containsExactly(
            "source DISCONNECTED",
            "source DESTROYING",
            "sink DISCONNECTED",
            "sink DESTROYING",
            "sink SINK_PART(0)");
  }

  @Test
  void countsWhoIsThere() {
    StreamServer server = context.streams().sink("log", sink);
    SecureStream first = context.streams().open("log", source);
    context.streams().open("log", new ScriptedHandler());
    first.destroy();
    context.streams().open("log", new ScriptedHandler());

    assertThat(story)
        .filteredOn(word -> word.contains("SINK_"))
        .containsExactly(
            "sink SINK_JOIN(0)", "sink SINK_JOIN(1)", "sink SINK_PART(1)", "sink SINK_JOIN(1)");
    assertThat(server.clients()).hasSize(2);
    assertThat(context.streams().openStreams()).isEqualTo(5);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void aSourceThatIsRefusedIsNotCreated(StreamReturn result) {
    context.streams().sink("log", sink);
    sink.script.answer("SINK_JOIN", result);

    assertThatThrownBy(() -> context.streams().open("log", source))
        .isInstanceOf(StreamFailedException.class)
        .hasMessageContaining("the sink of 'log' did not take the stream");

    assertThat(story).containsExactly("sink SINK_JOIN(0)");
    assertThat(context.streams().openStreams()).isEqualTo(1);
    context.streams().open("log", source);
    assertThat(story).endsWith("source CONNECTED").contains("sink SINK_JOIN(0)");
  }

  @ParameterizedTest(name = "in {0}")
  @CsvSource({
    "CREATING, sink CREATING|sink DESTROYING|sink SINK_PART(0)",
    "CONNECTING, sink CREATING|sink CONNECTING|sink DESTROYING|sink SINK_PART(0)",
    "CONNECTED, sink CREATING|sink CONNECTING|sink CONNECTED|sink DISCONNECTED|sink DESTROYING"
        + "|sink SINK_PART(0)"
  })
  void aSourceWhoseSinkEndsAtOnceIsNotCreated(String state, String words) {
    context.streams().sink("log", sink);
    sink.script.answer(state, StreamReturn.DISCONNECT_ME);
    EventLog log = EventLog.of(context.open("log"));

    assertThat(log.all()).containsExactly("error");
    assertThat(log.error()).isInstanceOf(StreamFailedException.class);
    assertThat(story).containsExactly(("sink SINK_JOIN(0)|" + words).split("\\|"));
  }

  @Test
  void aHandlerThatThrowsRefuses() {
    context.streams().sink("log", sink);
    sink.script.onFirst(
        "SINK_JOIN",
        stream -> {
          throw new IllegalStateException("boom");
        });

    assertThatThrownBy(() -> context.streams().open("log", source))
        .isInstanceOf(StreamFailedException.class);
    assertThat(context.errors().take())
        .containsExactly("The callback of a sink threw: java.lang.IllegalStateException: boom");
  }

  @ParameterizedTest(name = "{0} ends with {1}")
  @CsvSource({
    "CREATING, source CREATING|sink DISCONNECTED|sink DESTROYING|sink SINK_PART(0)"
        + "|source DESTROYING",
    "CONNECTED, source CREATING|source CONNECTING|source CONNECTED|sink DISCONNECTED"
        + "|sink DESTROYING|sink SINK_PART(0)|source DISCONNECTED|source DESTROYING"
  })
  void aSourceMayThinkBetterOfIt(String state, String words) {
    context.streams().sink("log", sink);
    source.script.answer(state, StreamReturn.DISCONNECT_ME);

    context.streams().open("log", source);

    assertThat(story.subList(4, story.size())).containsExactly(words.split("\\|"));
  }

  // --- no sink --------------------------------------------------------------------------------

  @Test
  void withoutASinkNothingIsCreated() {
    EventLog log = EventLog.of(context.open("log"));

    assertThat(log.all()).containsExactly("error");
    assertThat(log.error())
        .isInstanceOf(StreamFailedException.class)
        .hasMessageContaining("no sink of 'log' is registered; call sink(\"log\")");
    assertThatThrownBy(() -> context.streams().open("log", source))
        .isInstanceOf(StreamFailedException.class);
    assertThat(story).isEmpty();
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void thereIsOneSinkOfAType() {
    StreamServer first = context.streams().sink("log", sink);

    assertThatThrownBy(() -> context.streams().sink("log", sink))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a sink of 'log' is registered already");
    StepVerifier.create(context.streams().sink("log").accepted())
        .verifyErrorMessage("a sink of 'log' is registered already; destroy it before");
    first.destroy();
    assertThat(context.streams().sink("log", sink).streamType()).isEqualTo("log");
  }

  @Test
  void otherStreamTypesAreNoSinks() {
    assertThatThrownBy(() -> context.streams().sink("get", sink))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("'get' is no local sink, without \"local_sink\": true");
    assertThatThrownBy(() -> context.streams().serve("log", sink))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("'log' is no server; use sink(\"log\") and open(\"log\")");
    StepVerifier.create(context.streams().sink("site").accepted())
        .verifyErrorMessage(
            "stream type 'site' is no local sink, without \"local_sink\": true; use serve(\"site\")");
  }

  // --- payload --------------------------------------------------------------------------------

  @Test
  void whoRequestsSendsAndFlagsStayAsTheyAre() {
    // Given
    StreamServer server = context.streams().sink("log", sink);
    SecureStream stream = context.streams().open("log", source);
    story.clear();
    sink.script.requestForEachPiece().give("a", MessageFlags.SOM).give("", MessageFlags.EOM);
    source.script.give("b", MessageFlags.NONE);

    // When
    server.clients().get(0).requestTx();
    turn();
    stream.requestTx();
    turn();

    // Then
    assertThat(story)
        .containsExactly(
            "sink tx#0",
            "sink tx#1",
            "source rx(a,SOM)",
            "source rx(,EOM)",
            "source tx#0",
            "sink rx(b,-)");
  }

  @Test
  void theEndComesToTheOtherSideFirstAlsoFromInsideACallback() {
    context.streams().sink("log", sink);
    SecureStream stream = context.streams().open("log", source);
    sink.script.answer("rx", StreamReturn.DESTROY_ME);
    source.script.give("x", MessageFlags.SOM_EOM);
    story.clear();

    stream.requestTx();
    turn();

    assertThat(story)
        .containsExactly(
            "source tx#0",
            "sink rx(x,SOM|EOM)",
            "source DISCONNECTED",
            "source DESTROYING",
            "sink DISCONNECTED",
            "sink DESTROYING",
            "sink SINK_PART(0)");
  }

  @Test
  void subscribersOnBothSidesGetWhatTheyAskFor() {
    // Given
    List<EventLog> sides = new ArrayList<>();
    StreamServer server = context.streams().sink("log");
    server.accepted().subscribe(side -> sides.add(EventLog.of(side, 5)));
    SecureStream stream = context.open("log");
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> sent = TestSubscriber.create();

    // When
    stream.tx().send(Flux.just("a", "b", "c", "d", "e").map(Payload::utf8)).subscribe(sent);
    turn();
    EventLog side = sides.get(0);
    List<String> asked = side.fresh();
    boolean early = sent.isTerminated();
    side.request(10);
    turn();
    server.clients().get(0).tx().tryEmitNext(Payload.utf8("back"));
    turn();

    // Then
    assertThat(asked)
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "rx(1,SOM)", "rx(1,-)");
    assertThat(early).isFalse();
    assertThat(sent.isTerminatedComplete()).isTrue();
    assertThat(side.received()).isEqualTo("abcde");
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED", "rx(4,SOM|EOM)");
    server.destroy();
    assertThat(log.all()).endsWith("DISCONNECTED", "DESTROYING", "complete");
    assertThat(side.all()).endsWith("DISCONNECTED", "DESTROYING", "complete");
  }

  @Test
  void aSourceWaitsForTheSubscriberOfItsOtherSide() {
    TestSubscriber<AcceptedStream> accepted = TestSubscriber.create();
    context.streams().sink("log").accepted().subscribe(accepted);
    SecureStream stream = context.open("log");
    EventLog log = EventLog.of(stream);
    stream.tx().tryEmitNext(Payload.utf8("early"));
    stream.startTimeout(Duration.ofMillis(10));
    turn();
    List<String> before = log.all();

    EventLog side = EventLog.of(accepted.getReceivedOnNext().get(0));
    turn();
    context.passMs(10);

    assertThat(before).isEmpty();
    assertThat(side.received()).isEqualTo("early");
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED", "TIMEOUT");
  }

  @Test
  void aSourceWhoseOtherSideNobodySubscribesFails() {
    context.streams().sink("log").accepted().subscribe(TestSubscriber.create());
    EventLog log = EventLog.of(context.open("log"));

    context.pass(Duration.ofSeconds(15));

    assertThat(log.all()).containsExactly("error");
    assertThat(context.streams().openStreams()).isEqualTo(1);
  }

  @Test
  void aMessageThatDidNotChangeSidesIsReported() {
    context.streams().sink("log", sink);
    SecureStream stream = context.open("log");
    EventLog log = EventLog.of(stream);
    TestSubscriber<Void> sent = TestSubscriber.create();
    stream.tx().send(Payload.utf8("late")).subscribe(sent);
    stream.tx().tryEmitNext(Payload.utf8("bare"));

    stream.destroy();
    turn();

    assertThat(sent.expectTerminalError()).isInstanceOf(StreamFailedException.class);
    assertThat(log.discarded()).containsExactly("bare");
    assertThat(story).noneMatch(word -> word.contains("rx"));
  }

  @Test
  void broadcastsToAllSources() {
    StreamServer server = context.streams().sink("log", sink);
    EventLog first = EventLog.of(context.open("log"));
    EventLog second = EventLog.of(context.open("log"));

    server.broadcast(Flux.just(Payload.utf8("to all"))).subscribe(TestSubscriber.create());
    turn();

    assertThat(first.received()).isEqualTo("to all");
    assertThat(second.received()).isEqualTo("to all");
  }

  // --- ends -----------------------------------------------------------------------------------

  @Test
  void connectingWhatIsJoinedChangesNothing() {
    context.streams().sink("log", sink);
    SecureStream stream = context.streams().open("log", source);
    story.clear();

    stream.connect();

    assertThat(story).isEmpty();
  }

  @Test
  void aSinkThatLosesItsPlaceInThePolicyEndsWithItsPairs() {
    context.streams().sink("log", sink);
    context.streams().open("log", source);
    story.clear();

    context.streams().updatePolicy("{\"s\":[]}").block();

    assertThat(story)
        .containsExactly(
            "source DISCONNECTED",
            "source DESTROYING",
            "sink DISCONNECTED",
            "sink DESTROYING",
            "sink SINK_PART(0)");
    assertThat(context.streams().openStreams()).isZero();
  }

  @Test
  void aSinkLetsItsPairsFinishWhenItClosesInOrder() {
    StreamServer server = context.streams().sink("log", sink);
    SecureStream stream = context.streams().open("log", source);
    server.clients().get(0).tx().tryEmitNext(Payload.utf8("last"));
    TestSubscriber<Void> closed = TestSubscriber.create();

    server.closeGracefully(Duration.ofSeconds(1)).subscribe(closed);
    boolean early = closed.isTerminated();
    turn();

    assertThat(early).isFalse();
    assertThat(closed.isTerminatedComplete()).isTrue();
    assertThat(story).contains("source rx(last,SOM|EOM)").endsWith("sink SINK_PART(0)");
    assertThat(stream.tx().tryEmitNext(Payload.utf8("x")).isFailure()).isTrue();
  }

  @Test
  void theEndOfTheContextWaitsForWhatIsOnItsWayToEitherSide() {
    StreamServer server = context.streams().sink("log", sink);
    SecureStream stream = context.streams().open("log", source);
    server.clients().get(0).tx().tryEmitNext(Payload.utf8("there"));
    stream.tx().tryEmitNext(Payload.utf8("back"));
    TestSubscriber<Void> closed = TestSubscriber.create();

    context.streams().closeGracefully(Duration.ofSeconds(1)).subscribe(closed);
    turn();

    assertThat(story).contains("source rx(there,SOM|EOM)", "sink rx(back,SOM|EOM)");
    assertThat(closed.isTerminatedComplete()).isTrue();
  }

  @Test
  void observersOfTheSinkSeeWhoComesAndGoes() {
    StreamServer server = context.streams().sink("log", sink);
    List<String> seen = new ArrayList<>();
    server.states().subscribe(event -> seen.add(event.state() + " " + event.ordinal()));

    context.streams().open("log", source).destroy();
    server.destroy();

    assertThat(seen).containsExactly("CREATING 0", "SINK_JOIN 0", "SINK_PART 0", "DESTROYING 0");
  }

  /** Lets what was asked for happen. */
  private void turn() {
    context.passMs(1);
  }
}
