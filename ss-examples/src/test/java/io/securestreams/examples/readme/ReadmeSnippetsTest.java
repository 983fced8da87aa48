package io.securestreams.examples.readme;

import static io.securestreams.core.event.StreamState.CONNECTED;
import static io.securestreams.core.event.StreamState.CONNECTING;
import static io.securestreams.core.event.StreamState.CREATING;
import static io.securestreams.core.event.StreamState.POLL;
import static io.securestreams.core.event.StreamState.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the README shows runs, here without a socket. */
class ReadmeSnippetsTest {

  private static final Path POLICY_FILE = Path.of("src/test/resources/policy.json");

  /** A client stream type and the server that it talks to. */
  private static final String POLICY =
      """
      {
        "retry": [{ "patient": { "backoff": [1000, 2000], "conceal": 65535, "jitterpc": 20 } }],
        "s": [
          { "feed": { "endpoint": "feed.example.com", "port": 443, "protocol": "ws",
                      "ws_subprotocol": "news", "nailed_up": true, "retry": "patient" } },
          { "news": { "server": true, "port": 443, "protocol": "ws", "ws_subprotocol": "news",
                      "metadata": [{ "method": "", "path": "", "channel": "" }] } }
        ]
      }
      """;

  @Test
  void thePolicyOfTheFirstScreenHasNoFinding() {
    PolicyParse parse = PolicyParser.strict().parse(POLICY_FILE);

    assertThat(parse.findings()).isEmpty();
    assertThat(parse.database()).isPresent();
  }

  @Test
  void theFirstScreenReceives() {
    LocalTransport local = LocalTransport.create();
    try (SecureStreams peer = SecureStreams.builder().policy(POLICY).transport(local).build();
        SecureStreams streams =
            SecureStreams.builder().policy(POLICY_FILE).transport(local).build()) {
      peer.serve("news").accepted().flatMap(ReadmeSnippetsTest::greet).subscribe();

      StepVerifier.create(
              streams
                  .receive("feed", feed -> feed.metadata("channel", "news"))
                  .map(Payload::utf8)
                  .take(1))
          .expectNext("welcome to news")
          .verifyComplete();
    }
  }

  private static Flux<?> greet(AcceptedStream client) {
    return client
        .events()
        .doOnNext(
            event -> {
              if (event instanceof StateEvent state
                  && state.state() == StreamState.SERVER_UPGRADE) {
                String channel = client.metadata("channel").orElse("nothing");
                client.tx().tryEmitNext(Payload.utf8("welcome to " + channel)).orThrow();
              }
            });
  }

  @Test
  void springReadsThePolicyFromTheClasspath() {
    SecureStreams streams;
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(SpringSnippet.class)) {
      streams = context.getBean(SecureStreams.class);
      assertThat(streams.policy().streamType("feed")).isPresent();
    }
    assertThat(streams.isDisposed()).isTrue();
  }

  // region test
  @Test
  void comesBackAfterTwoFailures() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    LocalTransport local =
        LocalTransport.create().failNext(FailureKind.DNS).failNext(FailureKind.TLS_EXPIRED);
    try (SecureStreams streams =
        SecureStreams.builder().policy(POLICY).transport(local).scheduler(time).build()) {
      streams.serve("news").accepted().flatMap(AcceptedStream::events).subscribe();

      StepVerifier.create(streams.events("feed").ofType(StateEvent.class).map(StateEvent::state))
          .expectNext(CREATING, CONNECTING, UNREACHABLE)
          .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
          .expectNext(POLL, CONNECTING, UNREACHABLE)
          .then(() -> time.advanceTimeBy(Duration.ofSeconds(3)))
          .expectNext(POLL, CONNECTING, CONNECTED)
          .thenCancel()
          .verify();
    }
  }

  // endregion

  @Test
  void aRetrySchemeServesAnyMono() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    AtomicInteger calls = new AtomicInteger();
    try (SecureStreams streams = SecureStreams.builder().policy(POLICY).scheduler(time).build()) {
      Mono<String> call =
          Mono.fromCallable(
              () -> {
                if (calls.incrementAndGet() < 3) {
                  throw new IOException("not yet");
                }
                return "there";
              });
      // region retry
      Mono<String> patientCall = call.retryWhen(streams.retry("patient"));
      // endregion

      StepVerifier.create(patientCall)
          .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
          .expectNext("there")
          .verifyComplete();
    }
  }
}
