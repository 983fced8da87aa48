package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndWatchTest {

  private static final StreamEvent PIECE =
      new PayloadEvent(Payload.utf8("hello"), MessageFlags.SOM);
  private static final StreamEvent END = new PayloadEvent(Payload.empty(), MessageFlags.EOM);

  @Test
  void endsWhenAStreamWentIdleAfterAnAcknowledgement() {
    EndWatch watch = new EndWatch(List.of(), 0);

    assertThat(see(watch, StreamState.CREATING)).isEmpty();
    assertThat(see(watch, StreamState.CONNECTING)).isEmpty();
    assertThat(see(watch, StreamState.CONNECTED)).isEmpty();
    assertThat(see(watch, PIECE)).isEmpty();
    assertThat(see(watch, StreamState.QOS_ACK_REMOTE)).isEmpty();
    assertThat(see(watch, StreamState.DISCONNECTED)).contains(Ending.REACHED);
  }

  @Test
  void goesOnWhileTheStreamWillReconnectByItself() {
    EndWatch watch = new EndWatch(List.of(), 0);

    assertThat(see(watch, failed(StreamState.DISCONNECTED, true))).isEmpty();
    assertThat(see(watch, failed(StreamState.UNREACHABLE, true))).isEmpty();
    assertThat(see(watch, failed(StreamState.DISCONNECTED, false))).contains(Ending.REACHED);
  }

  @Test
  void goesOnUntilEveryMessageWasSent() {
    EndWatch watch = new EndWatch(List.of(), 2);

    watch.see(new Happening.Sent(0, 0, 0, 5));
    assertThat(see(watch, StreamState.DISCONNECTED)).isEmpty();
    watch.see(new Happening.Sent(0, 0, 1, 5));
    assertThat(see(watch, StreamState.DISCONNECTED)).contains(Ending.REACHED);
  }

  @Test
  void aMessageThatIsToldAfterTheCloseEndsItToo() {
    EndWatch watch = new EndWatch(List.of(), 1);

    assertThat(see(watch, StreamState.DISCONNECTED)).isEmpty();
    assertThat(watch.see(new Happening.Sent(0, 0, 0, 5))).contains(Ending.REACHED);
  }

  @Test
  void failsAtOnceWhenRetriesAreExhaustedOrThePeerRefuses() {
    EndWatch watch = new EndWatch(List.of(new Until.WholeMessage()), 0);

    assertThat(see(watch, failed(StreamState.ALL_RETRIES_FAILED, false)))
        .contains(Ending.RETRIES_FAILED);
    assertThat(see(watch, StreamState.QOS_NACK_REMOTE)).contains(Ending.REFUSED);
  }

  @Test
  void anUntilThatNamesTheFailureMakesItTheEndAskedFor() {
    EndWatch watch =
        new EndWatch(
            List.of(
                new Until.State(StreamState.ALL_RETRIES_FAILED.code()),
                new Until.State(StreamState.QOS_NACK_REMOTE.code())),
            0);

    assertThat(see(watch, failed(StreamState.ALL_RETRIES_FAILED, false))).contains(Ending.REACHED);
    assertThat(see(watch, StreamState.QOS_NACK_REMOTE)).contains(Ending.REACHED);
  }

  @Test
  void idleIsNoEndWhenAnotherOneIsAskedFor() {
    EndWatch watch = new EndWatch(List.of(new Until.Payloads(5)), 0);

    assertThat(see(watch, StreamState.DISCONNECTED)).isEmpty();
  }

  @Test
  void countsPayloadButNoEmptyEndMarker() {
    EndWatch watch = new EndWatch(List.of(new Until.Payloads(2)), 0);

    assertThat(see(watch, PIECE)).isEmpty();
    assertThat(see(watch, END)).isEmpty();
    assertThat(see(watch, PIECE)).contains(Ending.REACHED);
  }

  @Test
  void anEmptyEndMarkerEndsAWholeMessage() {
    EndWatch watch = new EndWatch(List.of(new Until.WholeMessage()), 0);

    assertThat(see(watch, PIECE)).isEmpty();
    assertThat(see(watch, END)).contains(Ending.REACHED);
  }

  @Test
  void aUserStateIsReachedByItsNumber() {
    EndWatch watch = new EndWatch(List.of(new Until.State(1530)), 0);

    assertThat(see(watch, StateEvent.user(1531))).isEmpty();
    assertThat(see(watch, StateEvent.user(1530))).contains(Ending.REACHED);
  }

  @Test
  void anAskedForTimeOnAStreamThatStaysUpIsAGoodEnd() {
    EndWatch watch = new EndWatch(List.of(), 0);
    assertThat(watch.timeIsUp(EndWatch.Limit.ASKED_FOR)).isEqualTo(Ending.OUT_OF_TIME);

    see(watch, StreamState.CONNECTED);

    assertThat(watch.timeIsUp(EndWatch.Limit.ASKED_FOR)).isEqualTo(Ending.REACHED);
    assertThat(watch.timeIsUp(EndWatch.Limit.USUAL)).isEqualTo(Ending.OUT_OF_TIME);

    see(watch, failed(StreamState.DISCONNECTED, true));
    assertThat(watch.timeIsUp(EndWatch.Limit.ASKED_FOR)).isEqualTo(Ending.OUT_OF_TIME);
  }

  @Test
  void timeRunsOutFirstWhenAnUntilIsNotReached() {
    EndWatch watch = new EndWatch(List.of(new Until.WholeMessage()), 0);
    see(watch, StreamState.CONNECTED);

    assertThat(watch.timeIsUp(EndWatch.Limit.ASKED_FOR)).isEqualTo(Ending.OUT_OF_TIME);
  }

  private static Optional<Ending> see(EndWatch watch, StreamState state) {
    return see(watch, StateEvent.of(state));
  }

  private static Optional<Ending> see(EndWatch watch, StreamEvent event) {
    return watch.see(new Happening.Seen(0, 0, event));
  }

  private static StateEvent failed(StreamState state, boolean willRetry) {
    return StateEvent.of(state)
        .withFailure(
            new StateEvent.Failure(FailureKind.CONNECT, 1, willRetry, Duration.ofSeconds(1), ""));
  }
}
