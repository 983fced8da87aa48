package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.publisher.TestPublisher;

/**
 * A client whose upgrade is answered misses no broadcast, whatever the application is busy with.
 */
class BroadcastArrivalsTest {

  private static final String POLICY =
      """
      {"s":[{"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
               "metadata":[{"method":"","path":""}]}}]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();
  private final TestPublisher<Payload> messages = TestPublisher.create();

  @ParameterizedTest(name = "inside {0}")
  @ValueSource(strings = {"CONNECTED", "SERVER_UPGRADE"})
  void reachesAClientWhoseUpgradeIsBeingHandled(String callback) {
    handled().broadcast(messages).subscribe();
    handler.inside(
        callback,
        stream -> {
          stream.tx().tryEmitNext(Payload.utf8("welcome")).orThrow();
          messages.next(Payload.utf8("news"));
        });

    TestLink link = context.server().connect().upgrades();

    assertThat(link.sent()).containsExactly("welcome:SOM|EOM", "news:SOM|EOM");
  }

  @Test
  void reachesAClientWhoseUpgradeCameWhileItsStreamWasBusy() {
    StreamServer server = handled();
    server.broadcast(messages).subscribe();
    TestLink link = context.server().connect();
    handler.inside(
        "TIMEOUT",
        stream -> {
          link.upgrades();
          messages.next(Payload.utf8("news"));
        });
    server.clients().get(0).startTimeout(Duration.ofMillis(5));

    context.passMs(5);

    assertThat(handler.all()).endsWith("TIMEOUT", "CONNECTED", "SERVER_UPGRADE");
    assertThat(link.sent()).containsExactly("news:SOM|EOM");
  }

  @Test
  void reachesAClientThatWaitsForItsSubscriber() {
    List<AcceptedStream> waiting = new ArrayList<>();
    subscribed(waiting::add).broadcast(messages).subscribe();
    TestLink silent = context.server().connect();
    TestLink link = context.server().connect().upgrades();
    messages.next(Payload.utf8("news"));
    boolean early = link.sentCount() > 0;

    waiting.forEach(EventLog::of);

    assertThat(early).isFalse();
    assertThat(link.sent()).containsExactly("news:SOM|EOM");
    silent.upgrades();
    assertThat(silent.sent()).as("it asked for nothing when the message came").isEmpty();
  }

  @Test
  void reachesAClientThatItsListenerHasNoTimeFor() {
    List<TestLink> second = new ArrayList<>();
    StreamServer server =
        subscribed(
            client -> {
              if (second.isEmpty()) {
                second.add(context.server().connect().upgrades());
                messages.next(Payload.utf8("news"));
              }
              EventLog.of(client);
            });
    server.broadcast(messages).subscribe();

    context.server().connect();

    assertThat(server.clients()).hasSize(2);
    assertThat(second.get(0).sent()).containsExactly("news:SOM|EOM");
  }

  @Test
  void tellsWhatIsLostWithAClientThatIsRefusedInItsUpgrade() {
    StreamServer server = handled();
    server.broadcast(messages).subscribe();
    List<SecureStream> refused = new ArrayList<>();
    handler.onFirst(
        "SERVER_UPGRADE",
        stream -> {
          refused.add(stream);
          messages.next(Payload.utf8("news"));
          return StreamReturn.DISCONNECT_ME;
        });

    TestLink link = context.server().connect().upgrades();

    assertThat(link.sent()).isEmpty();
    assertThat(refused).extracting(stream -> stream.tx().discarded()).containsExactly(1L);
    messages.next(Payload.utf8("more"));
    assertThat(refused).extracting(stream -> stream.tx().discarded()).containsExactly(1L);
    assertThat(server.clients()).isEmpty();
  }

  @Test
  void forgetsAClientThatEndsBeforeItsListenerHasTimeForIt() {
    List<AcceptedStream> seen = new ArrayList<>();
    List<StreamServer> self = new ArrayList<>();
    StreamServer server =
        subscribed(
            client -> {
              seen.add(client);
              EventLog.of(client);
              if (seen.size() == 1) {
                context.server().connect();
                self.get(0).clients().get(1).destroy();
              }
            });
    self.add(server);

    context.server().connect();

    assertThat(seen).hasSize(1);
    assertThat(server.clients()).isEqualTo(seen);
  }

  private StreamServer handled() {
    return context.streams().serve("site", handler);
  }

  private StreamServer subscribed(Consumer<AcceptedStream> onArrival) {
    StreamServer server = context.streams().serve("site");
    Disposable use = server.accepted().subscribe(onArrival);
    assertThat(use.isDisposed()).isFalse();
    return server;
  }
}
