package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.ConnectionTimings.Lookup;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.TimingsEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.H3Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsPeer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What streams tell about the time that their connections took. */
@ExtendWith(LeakCheck.class)
class TimingsIT {

  private static final String OPPORTUNISTIC = "'perf':true,'opportunistic':true";

  @RegisterExtension final Stage stage = new Stage();

  private final List<ConnectionTimings> told = new CopyOnWriteArrayList<>();

  private Flux<String> words(SecureStream stream) {
    return stream.events().doOnNext(this::note).map(Words::of);
  }

  private void note(StreamEvent event) {
    if (event instanceof TimingsEvent timings) {
      told.add(timings.timings());
    }
  }

  private SecureStream stream(String protocol, int port, String members) {
    return stage
        .streams(new TestPolicy().retry("r", 0, 5).client("a", protocol, port, members))
        .open("a");
  }

  @Test
  void httpTellsItBeforeItIsConnected() {
    Authority root = Authority.named("root");
    RawPeer peer =
        stage.with(
            new RawPeer(
                root.issue("localhost").serverContext().getServerSocketFactory(),
                talk -> {
                  while (!talk.head().isEmpty()) {
                    talk.write("HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n");
                  }
                }));
    SecureStream stream =
        stage
            .streams(
                new TestPolicy()
                    .trust("t", root)
                    .client(
                        "a",
                        "h1",
                        peer.port(),
                        OPPORTUNISTIC + ",'http_method':'GET','tls':true,'tls_trust_store':'t'"))
            .open("a");

    StepVerifier.create(words(stream))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "perf", "CONNECTED", "QOS_NACK_REMOTE", "DISCONNECTED")
        .then(stream::connect)
        .expectNext("CONNECTING", "perf", "CONNECTED", "QOS_NACK_REMOTE", "DISCONNECTED")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);

    ConnectionTimings first = told.get(0);
    assertThat(first.peer()).contains("127.0.0.1");
    assertThat(first.lookup()).isEqualTo(Lookup.FOUND);
    assertThat(first.addresses()).contains("127.0.0.1");
    assertThat(first.connectMicros()).isPositive();
    assertThat(first.tlsMicros()).isPositive();
    assertThat(first.responseMicros()).isPositive();
    assertThat(first.httpStatus()).hasValue(404);
    ConnectionTimings kept = told.get(1);
    assertThat(kept)
        .isEqualTo(ConnectionTimings.NONE.answered(kept.responseMicros(), kept.httpStatus()));
    assertThat(kept.httpStatus()).hasValue(404);
  }

  @Test
  void aSharedConnectionTellsItToTheTransactionThatItWasMadeFor() {
    Authority root = Authority.named("root");
    H3Peer peer =
        stage.with(
            new H3Peer(
                root.issue("localhost"), (request, response) -> response.status(204).send()));
    SecureStream stream =
        stage
            .streams(
                new TestPolicy()
                    .trust("t", root)
                    .client(
                        "a",
                        "h3",
                        peer.port(),
                        OPPORTUNISTIC + ",'http_method':'GET','tls':true,'tls_trust_store':'t'"))
            .open("a");

    StepVerifier.create(words(stream))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "perf", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED")
        .then(stream::connect)
        .expectNext("CONNECTING", "perf", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);

    ConnectionTimings first = told.get(0);
    assertThat(first.peer()).contains("127.0.0.1");
    assertThat(first.lookup()).isEqualTo(Lookup.FOUND);
    assertThat(first.tlsMicros()).isPositive();
    assertThat(first.responseMicros()).isPositive();
    ConnectionTimings joined = told.get(1);
    assertThat(joined)
        .isEqualTo(ConnectionTimings.NONE.answered(joined.responseMicros(), joined.httpStatus()));
  }

  @Test
  void everyFailedAttemptTellsItBeforeItIsUnreachable() {
    for (String protocol : new String[] {"h1", "ws", "raw"}) {
      SecureStream stream =
          stream(
              protocol,
              DeadEnds.refusing(),
              OPPORTUNISTIC + (protocol.equals("h1") ? ",'http_method':'GET'" : ""));

      StepVerifier.create(words(stream))
          .expectNext("CREATING")
          .then(stream::connect)
          .expectNext("CONNECTING", "perf", "UNREACHABLE")
          .thenCancel()
          .verify(SOON);
    }
    assertThat(told)
        .hasSize(3)
        .allSatisfy(
            timings -> {
              assertThat(timings.connectMicros()).isZero();
              assertThat(timings.httpStatus()).isEmpty();
            });
  }

  @Test
  void aSessionTellsItWhenItsConnectionEnds() {
    RawPeer peer = stage.with(new RawPeer(talk -> talk.write("hi")));
    SecureStream raw = stream("raw", peer.port(), OPPORTUNISTIC);
    StepVerifier.create(words(raw))
        .expectNext("CREATING")
        .then(raw::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(2,-)", "perf", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);

    WsPeer echo = stage.with(WsPeer.echo());
    SecureStream ws = stream("ws", echo.port(), OPPORTUNISTIC);
    StepVerifier.create(words(ws))
        .expectNext("CREATING")
        .then(ws::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .then(() -> echo.connection().close(1000))
        .expectNext("perf", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(told).hasSize(2).allMatch(timings -> timings.connectMicros() > 0);
    assertThat(told)
        .extracting(timings -> timings.responseMicros() > 0)
        .containsExactly(false, true);
  }

  @Test
  void tellsNothingUnlessAskedOrWhenTheStreamIsDestroyed() {
    RawPeer peer = stage.with(new RawPeer(RawPeer.Conversation::drain));
    for (String members : new String[] {"'opportunistic':true", OPPORTUNISTIC}) {
      SecureStream stream = stream("raw", peer.port(), members);
      StepVerifier.create(words(stream))
          .expectNext("CREATING")
          .then(stream::connect)
          .expectNext("CONNECTING", "CONNECTED")
          .then(stream::destroy)
          .expectNext("DISCONNECTED", "DESTROYING")
          .expectComplete()
          .verify(SOON);
    }
  }

  @Test
  void aHandlerReceivesItAsJson() throws Exception {
    CompletableFuture<String> json = new CompletableFuture<>();
    RawPeer peer = stage.with(new RawPeer(talk -> talk.write("hi")));
    SecureStream stream =
        stage
            .streams(new TestPolicy().client("a", "raw", peer.port(), OPPORTUNISTIC))
            .open(
                "a",
                new StreamHandler() {
                  @Override
                  public StreamReturn rx(SecureStream from, Payload payload, MessageFlags flags) {
                    if (flags.bits() == 67) {
                      json.complete(payload.utf8());
                    }
                    return StreamReturn.OK;
                  }
                });
    stream.connect();

    assertThat(json.get(SOON.toMillis(), TimeUnit.MILLISECONDS))
        .startsWith("{\"peer\":\"127.0.0.1\",\"dns_us\":")
        .endsWith("]}");
    stream.destroy();
  }
}
