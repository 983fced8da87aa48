package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.RecordedState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** Many streams come, send, wait, fail and go while policies replace each other. */
@ExtendWith(LeakCheck.class)
class PolicySwapStormIT {

  private static final int STREAMS_EACH = 3;
  private static final int SWAPS = 40;

  @RegisterExtension final Stage stage = new Stage();

  private final List<String> violations = new CopyOnWriteArrayList<>();

  @ParameterizedTest(name = "seed {0}, {1}")
  @CsvSource({"1, drain", "2, cut", "3, drain", "4, keep"})
  void everyStreamStaysLegalAndEndsWhereTheLastPolicySays(long seed, String mode) {
    Random random = new Random(seed);
    SecureStreams server =
        stage.streams(new TestPolicy().stream("a", listener()).stream("b", listener()));
    stage.ends(server);
    int a = serve(server, "a");
    int b = serve(server, "b");
    SecureStreams streams =
        stage.streams(policy(a, a, true), builder -> builder.swapMode(mode(mode)));
    stage.ends(streams);
    List<SecureStream> open = new ArrayList<>();
    List<RecordedStates> states = new ArrayList<>();

    for (int swap = 0; swap < SWAPS; swap++) {
      for (int i = 0; i < STREAMS_EACH; i++) {
        SecureStream stream = streams.open(random.nextBoolean() ? "one" : "two");
        open.add(stream);
        states.add(new RecordedStates(stream));
      }
      SecureStream any = open.get(random.nextInt(open.size()));
      switch (random.nextInt(6)) {
        case 0 -> any.destroy();
        case 1 -> any.disconnect();
        case 2 -> any.connect();
        default -> any.tx().tryEmitNext(Payload.utf8("hello"));
      }
      TestPolicy next =
          policy(random.nextBoolean() ? a : b, random.nextInt(4) == 0 ? 1 : b, swap % 7 != 6);
      assertThat(streams.updatePolicy(next.text()).block(SOON)).isNotNull();
    }
    assertThat(streams.updatePolicy(policy(b, b, true).text()).block(SOON)).isNotNull();

    assertThat(violations).as("illegal states").isEmpty();
    for (RecordedStates one : states) {
      one.stream.connect();
    }
    Stage.await(
        "every stream's rest",
        () -> states.stream().allMatch(one -> one.last() == StreamState.CONNECTED || one.isOver()));
    assertThat(states.stream().filter(one -> !one.isOver()).count()).isPositive();
    streams.close();
    Stage.await("every stream's end", () -> states.stream().allMatch(RecordedStates::isOver));
    assertThat(violations).as("illegal states").isEmpty();
  }

  /** Follows one stream as its subscriber. */
  private final class RecordedStates {

    private final SecureStream stream;
    private RecordedState recorded = RecordedState.NONE;
    private volatile StreamState last = StreamState.EVENT_WAIT_CANCELLED;
    private volatile boolean over;

    RecordedStates(SecureStream stream) {
      this.stream = stream;
      Flux<StateEvent> events = stream.events().ofType(StateEvent.class);
      events.subscribe(this::see, this::fail, () -> over = true);
    }

    /** A stream type may be gone when it is asked for. */
    private void fail(Throwable error) {
      if (!(error instanceof PolicyException)) {
        violations.add(error.toString());
      }
      over = true;
    }

    private void see(StateEvent event) {
      if (!recorded.accepts(event.state())) {
        violations.add(recorded + " -> " + event);
      }
      recorded = recorded.after(event.state());
      last = event.state();
    }

    StreamState last() {
      return last;
    }

    boolean isOver() {
      return over;
    }
  }

  private static int serve(SecureStreams streams, String type) {
    var server = streams.serve(type);
    server.accepted().flatMap(AcceptedStream::events, Integer.MAX_VALUE).subscribe();
    return ((InetSocketAddress) server.address().blockOptional(SOON).orElseThrow()).getPort();
  }

  private static SwapMode mode(String name) {
    return switch (name) {
      case "cut" -> SwapMode.CUT;
      case "keep" -> SwapMode.KEEP;
      default -> SwapMode.drain(Duration.ofMillis(200));
    };
  }

  private static TestPolicy policy(int one, int two, boolean both) {
    TestPolicy policy =
        new TestPolicy()
            .retry("r", 65535, 50)
            .client("one", "ws", one, "'nailed_up':true,'retry':'r'");
    return both ? policy.client("two", "ws", two, "'opportunistic':true,'retry':'r'") : policy;
  }

  private static String listener() {
    return "'server':true,'endpoint':'127.0.0.1','port':0,'protocol':'ws',"
        + "'metadata':[{'method':'','path':''}]";
  }
}
