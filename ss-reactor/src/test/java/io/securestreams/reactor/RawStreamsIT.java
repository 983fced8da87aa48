package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Script;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Streams over bare connections and files. */
@ExtendWith(LeakCheck.class)
class RawStreamsIT {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir private Path directory;

  private SecureStreams streams(String type, int port, String members) {
    return stage.streams(new TestPolicy().retry("r2", 1, 5, 5).client(type, "raw", port, members));
  }

  private static Flux<String> words(SecureStream stream) {
    return stream.events().map(Words::of);
  }

  private RawPeer peer(Script script) {
    return stage.with(new RawPeer(script));
  }

  @Test
  void endsWithItsConnection() {
    RawPeer peer = peer(talk -> talk.write("hi"));
    SecureStream stream = streams("a", peer.port(), "'opportunistic':true").open("a");

    StepVerifier.create(words(stream))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(2,-)", "DISCONNECTED")
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void comesBackAndSendsWhatIsGiven() {
    CompletableFuture<String> heard = new CompletableFuture<>();
    RawPeer peer =
        peer(
            talk -> {
              if (talk.number() == 2) {
                heard.complete(new String(talk.read(5), UTF_8));
                talk.write("bye");
                talk.drain();
              }
            });
    SecureStream stream = streams("a", peer.port(), "'nailed_up':true,'retry':'r2'").open("a");

    StepVerifier.create(words(stream))
        .expectNext("CREATING", "CONNECTING", "CONNECTED", "DISCONNECTED")
        .expectNext("POLL", "CONNECTING", "CONNECTED")
        .then(() -> stream.tx().send(Payload.utf8("hello")).subscribe())
        .expectNext("rx(3,-)")
        .then(stream::destroy)
        .expectNext("DISCONNECTED", "DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(heard).isCompletedWithValue("hello");
  }

  @Test
  void givesUpOnAPeerThatIsNotThere() {
    SecureStream stream =
        streams("a", DeadEnds.refusing(), "'opportunistic':true,'retry':'r2'").open("a");

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.CONNECT, 2))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void carriesManyMegabytesBothWaysAtThePaceOfASlowReader() {
    int pieces = 200;
    byte[] piece = new byte[64 * 1024];
    long total = (long) pieces * piece.length;
    Authority root = Authority.named("root");
    RawPeer peer =
        stage.with(
            new RawPeer(
                root.issue("localhost").serverContext().getServerSocketFactory(),
                talk -> {
                  for (int i = 0; i < pieces; i++) {
                    talk.write(talk.read(piece.length));
                  }
                  talk.read();
                }));
    SecureStream stream =
        stage
            .streams(
                new TestPolicy()
                    .trust("t", root)
                    .client("a", "raw", peer.port(), "'tls':true,'tls_trust_store':'t'"))
            .open("a");

    Flux<Integer> received =
        stream
            .events()
            .ofType(io.securestreams.core.event.PayloadEvent.class)
            .doOnNext(event -> assertThat(event.flags()).isEqualTo(MessageFlags.NONE))
            .map(event -> event.payload().size())
            .limitRate(2)
            .scan(0, Integer::sum)
            .takeUntil(bytes -> bytes == total);
    Flux<Payload> sent = Flux.range(0, pieces).map(i -> Payload.of(piece));

    StepVerifier.create(received.last().doOnSubscribe(s -> stream.tx().send(sent).subscribe()))
        .expectNext((int) total)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void receivesBytesAsTheyCome() {
    RawPeer peer = peer(talk -> talk.write("abc"));
    SecureStreams streams = streams("a", peer.port(), "'opportunistic':true");

    StepVerifier.create(streams.receive("a").map(Payload::utf8))
        .expectNext("abc")
        .expectComplete()
        .verify(SOON);
  }

  private SecureStreams files(String protocol, boolean permitted) {
    return stage.streams(
        new TestPolicy()
            .stream(
                    "f",
                    "'endpoint':'file://%s/data','protocol':'%s','http_method':'POST','retry':'r1'"
                        .formatted(directory, protocol))
                .retry("r1", 1, 5),
        builder -> builder.fileEndpoints(permitted));
  }

  @Test
  void readsAFileAndStaysConnected() throws Exception {
    for (String protocol : new String[] {"raw", "h1", "ws"}) {
      Files.write(directory.resolve("data"), new byte[20]);
      SecureStream stream = files(protocol, true).open("f");

      StepVerifier.create(words(stream))
          .expectNext("CREATING")
          .then(() -> stream.tx().tryEmitNext(Payload.utf8("never sent")).orThrow())
          .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(20,SOM|EOM)")
          .then(stream::disconnect)
          .expectNext("DISCONNECTED")
          .then(stream::destroy)
          .expectNext("DESTROYING")
          .expectComplete()
          .verify(SOON);
    }
  }

  @Test
  void receivesAFileUpToItsEnd() throws Exception {
    Files.writeString(directory.resolve("data"), "x".repeat(3000));

    StepVerifier.create(files("raw", true).receive("f").map(Payload::size))
        .expectNext(1400, 1400, 200)
        .expectComplete()
        .verify(SOON);
    StepVerifier.create(files("h1", true).exchange("f").map(Payload::size))
        .expectNext(3000)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void reportsAFileThatIsMissingOrNotPermitted() throws Exception {
    expectFailing(files("raw", true).open("f"), FailureKind.CONNECT);

    Files.writeString(directory.resolve("data"), "secret");
    expectFailing(files("raw", false).open("f"), FailureKind.POLICY);
  }

  private static void expectFailing(SecureStream stream, FailureKind kind) {
    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", kind, 2))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
  }
}
