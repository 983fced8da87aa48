package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A WebSocket whose client stops reading. */
@ExtendWith(LeakCheck.class)
class ServedStallIT {

  private static final int CAPACITY = 4;
  private static final Payload MEGABYTE = Payload.of(new byte[1024 * 1024]);

  /** More than the buffers of both sockets take. */
  private static final int SOCKETS = 32;

  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
          + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

  @RegisterExtension final Stage stage = new Stage();

  private final List<AcceptedStream> clients = new CopyOnWriteArrayList<>();
  private final List<StreamEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void aClientThatReadsNothingIsClosedAndHoldsUpBoundedMemoryTillThen() {
    // Given
    int port = serve();
    RawClient client = stage.with(RawClient.to(port).send(UPGRADE));
    assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    Stage.await("the upgrade", () -> isReached(StreamState.SERVER_UPGRADE));

    // When
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    Stage.await(
        "the end",
        () -> {
          boolean taken = clients.get(0).tx().tryEmitNext(MEGABYTE).isSuccess();
          (taken ? accepted : refused).incrementAndGet();
          return over.get();
        });

    // Then
    assertThat(refused.get()).isPositive();
    assertThat(accepted.get()).isBetween(CAPACITY, CAPACITY + Link.WINDOW + SOCKETS);
    assertThat(events)
        .filteredOn(event -> event instanceof StateEvent state && state.failure().isPresent())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(((StateEvent) event).failureKind()).contains(FailureKind.TIMEOUT);
              assertThat(((StateEvent) event).failure().orElseThrow().toString())
                  .contains("stall = 300 ms of serverLimits(...)");
            });

    RawClient next = stage.with(RawClient.to(port).send(UPGRADE));
    assertThat(next.head()).startsWith("HTTP/1.1 101 ");
  }

  private boolean isReached(StreamState state) {
    return events.stream().anyMatch(event -> event instanceof StateEvent e && e.state() == state);
  }

  private int serve() {
    TestPolicy policy =
        new TestPolicy().server("site", "ws", "'metadata':[{'method':'','path':''}]");
    StreamServer server =
        stage
            .streams(
                policy,
                builder ->
                    builder
                        .txCapacity(CAPACITY)
                        .serverLimits(ServerLimits.DEFAULTS.withStall(Duration.ofMillis(300))))
            .serve("site");
    stage.ends(server.accepted().subscribe(this::note)::dispose);
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }

  private void note(AcceptedStream client) {
    clients.add(client);
    client.events().doOnComplete(() -> over.set(true)).subscribe(events::add);
  }
}
