package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.WsPuppet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

/**
 * More is broadcast than some clients read: those who read miss nothing, whatever the others do.
 */
@ExtendWith(LeakCheck.class)
class BroadcastLoadIT {

  private static final int EACH = 3;

  /** Only the broadcast's own rule may end those who do not read. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static final int MOST_MESSAGES = 4000;
  private static final String FILLING = "x".repeat(16 * 1024);

  @RegisterExtension final Stage stage = new Stage();

  private final List<AcceptedStream> upgraded = new CopyOnWriteArrayList<>();
  private final Sinks.Many<Payload> messages = Sinks.many().unicast().onBackpressureBuffer();
  private final TestSubscriber<Void> outcome = TestSubscriber.create();

  private final class Host implements StreamHandler {

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      if (event.state() == StreamState.SERVER_UPGRADE) {
        upgraded.add((AcceptedStream) stream);
      }
      return StreamReturn.OK;
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(SlowConsumer.class)
  void whoReadsGetsEverythingInOrderBesideThoseWhoDoNot(SlowConsumer rule) throws IOException {
    // Given
    StreamServer server =
        stage
            .streams(
                new TestPolicy().server("site", "ws", ""),
                builder -> builder.serverLimits(ServerLimits.DEFAULTS.withStall(NEVER)))
            .serve("site", new Host());
    stage.ends(server::destroy);
    List<WsPuppet> slow = clients(server);
    List<WsPuppet> quick = clients(server);
    List<AcceptedStream> behind = List.copyOf(upgraded.subList(0, EACH));
    server.broadcast(messages.asFlux(), rule).subscribe(outcome);

    // When: until every slow client was too slow for some.
    int sent = 0;
    while (behind.stream().anyMatch(client -> client.tx().discarded() == 0)) {
      assertThat(sent).as("messages until all slow clients are too slow").isLessThan(MOST_MESSAGES);
      messages.tryEmitNext(message(sent)).orThrow();
      for (WsPuppet client : quick) {
        assertThat(number(client)).isEqualTo(sent);
      }
      sent++;
    }
    messages.tryEmitComplete().orThrow();

    // Then
    assertThat(outcome.isTerminatedComplete()).isTrue();
    List<AcceptedStream> ahead = upgraded.subList(EACH, 2 * EACH);
    assertThat(ahead).extracting(client -> client.tx().discarded()).containsOnly(0L);
    switch (rule) {
      case DISCONNECT -> {
        Stage.await("the end of the slow", () -> server.clients().size() == EACH);
        assertThat(server.clients()).containsExactlyElementsOf(ahead);
      }
      case DROP_LATEST -> {
        assertThat(server.clients()).hasSize(2 * EACH);
        for (int i = 0; i < EACH; i++) {
          assertGotTheFirst(slow.get(i), sent - (int) behind.get(i).tx().discarded());
        }
      }
    }
  }

  /** What it missed came when its queue was full already; it never read in between. */
  private static void assertGotTheFirst(WsPuppet client, int count) throws IOException {
    List<Integer> got = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      got.add(number(client));
    }
    assertThat(got).isSorted().doesNotHaveDuplicates().startsWith(0, 1, 2);
  }

  private List<WsPuppet> clients(StreamServer server) throws IOException {
    int port = ((InetSocketAddress) server.address().block(SOON)).getPort();
    List<WsPuppet> clients = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      int there = upgraded.size();
      clients.add(stage.with(WsPuppet.client(port, false, "")));
      Stage.await("another client", () -> upgraded.size() > there);
    }
    return clients;
  }

  private static Payload message(int number) {
    return Payload.utf8("%06d".formatted(number) + FILLING);
  }

  private static int number(WsPuppet client) throws IOException {
    return Integer.parseInt(new String(client.hear().payload(), 0, 6, StandardCharsets.US_ASCII));
  }
}
