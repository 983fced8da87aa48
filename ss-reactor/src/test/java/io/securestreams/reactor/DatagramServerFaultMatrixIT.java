package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.RecordedState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.DatagramFaultProxy;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.Fault.Kind;
import io.securestreams.reactor.testing.FaultSchedule;
import io.securestreams.reactor.testing.FaultWire;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A listener of HTTP/3 whose clients are reached over a network as in {@link
 * DatagramFaultMatrixIT}: it lives, and whatever it accepted comes to an orderly end.
 */
@ExtendWith(LeakCheck.class)
class DatagramServerFaultMatrixIT {

  private static final int SEEDS = 100;
  private static final Duration LIMIT = Duration.ofMillis(1500);

  @RegisterExtension final Stage stage = new Stage();

  private final List<EventLog> accepted = new CopyOnWriteArrayList<>();

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H3_.*")
  void livesAndEndsWhatItAccepted(FaultWire wire) {
    // Given
    StreamServer server = serve();
    int port = port(server);
    FaultMatrix matrix = new FaultMatrix(wire, stage, new Listening(port));
    DatagramFaultProxy clean = (DatagramFaultProxy) matrix.clean();
    List<FaultSchedule> schedules =
        FaultSchedule.each(Kind.OF_DATAGRAMS, clean.asked(), clean.answered());
    int most = Math.max(clean.asked(), clean.answered());
    for (long seed = 1; seed <= SEEDS; seed++) {
      schedules.add(FaultSchedule.drawn(seed, Kind.OF_DATAGRAMS, most));
    }

    // When
    matrix.run(schedules, LIMIT);

    // Then
    assertThat(accepted).hasSizeGreaterThan(SEEDS);
    Stage.await("the last states", () -> accepted.stream().allMatch(this::isOver));
    for (EventLog log : accepted) {
      log.assertEndedInOrder();
      assertThat(isLegal(log.states())).as("%s", log.all()).isTrue();
    }
    assertThat(server.clients()).isEmpty();
    matrix.clean();

    server.destroy();
    Stage.await("the closed socket", () -> isFree(port));
  }

  private boolean isOver(EventLog log) {
    return log.all().contains("complete");
  }

  private static boolean isLegal(List<StreamState> states) {
    RecordedState recorded = RecordedState.NONE;
    for (StreamState state : states) {
      if (!recorded.accepts(state)) {
        return false;
      }
      recorded = recorded.after(state);
    }
    return true;
  }

  private StreamServer serve() {
    TransportSettings usual = TransportSettings.DEFAULTS;
    TransportSettings strict =
        new TransportSettings(
            usual.connect(),
            LIMIT,
            LIMIT,
            usual.poolIdle(),
            usual.headerBytes(),
            usual.frameBytes(),
            usual.messageBytes());
    ServerLimits limits =
        ServerLimits.DEFAULTS.withHead(LIMIT).withStall(LIMIT).withIdle(LIMIT.multipliedBy(2));
    SecureStreams streams =
        stage.streams(
            new TestPolicy()
                .identity("it", FaultWire.identity())
                .server(
                    "site",
                    "h3",
                    "'tls':true,'server_cert':'it_cert','server_key':'it_key',"
                        + "'metadata':[{'method':'','path':''}]"),
            builder -> builder.settings(strict).serverLimits(limits));
    StreamServer server = streams.serve("site");
    server.accepted().subscribe(this::serve);
    return server;
  }

  private void serve(AcceptedStream client) {
    accepted.add(EventLog.of(client, event -> answer(client, event)));
  }

  /** At the end of a body; without one, at once. */
  private static void answer(AcceptedStream client, StreamEvent event) {
    boolean asked =
        event instanceof StateEvent state
            && state.state() == StreamState.SERVER_TXN
            && client.metadata("method").orElseThrow().equals("GET");
    boolean told = event instanceof PayloadEvent rx && rx.flags().eom();
    if (asked || told) {
      client.serverAck(0);
      // A client that has left meanwhile is no matter.
      client.tx().tryEmitNext(Payload.utf8(FaultWire.ANSWER));
    }
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().blockOptional(SOON).orElseThrow()).getPort();
  }

  private static boolean isFree(int port) {
    try (DatagramSocket probe = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (SocketException taken) {
      return false;
    }
  }

  /** The listener, which the test ends. */
  private record Listening(int port) implements FaultWire.Peer {

    @Override
    public void close() {
      // Nothing is left to do.
    }
  }
}
