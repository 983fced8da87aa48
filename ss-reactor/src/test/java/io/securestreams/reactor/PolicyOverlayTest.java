package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overlays upon the policy of running streams. */
class PolicyOverlayTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String POLICY =
      """
      {"s":[{"feed":{"endpoint":"h","port":80,"protocol":"ws","http_url":"a","opportunistic":true},
             "site":{"server":true,"port":80,"protocol":"ws",
                     "metadata":[{"method":"","path":""}]}}]}
      """;
  private static final String OVERLAY = "{\"s\":[{\"feed\":{\"http_url\":\"b\"}}]}";

  private final LocalTransport transport = LocalTransport.create();
  private final SecureStreams streams =
      SecureStreams.builder().policy(POLICY).transport(transport).build();
  private final List<AcceptedStream> accepted = new ArrayList<>();

  @BeforeEach
  void serve() {
    streams
        .serve("site")
        .accepted()
        .subscribe(
            client -> {
              accepted.add(client);
              client.events().subscribe();
            });
  }

  @AfterEach
  void close() {
    streams.close();
  }

  @Test
  void holdsForTheNextConnectionOnly() {
    SecureStream feed = streams.open("feed");
    EventLog log = EventLog.of(feed);
    feed.connect();
    log.skip();

    PolicyEvent.Swapped swapped = streams.overlay(OVERLAY).blockOptional(SOON).orElseThrow();
    feed.tx().tryEmitNext(Payload.utf8("still by the old one"));

    assertThat(swapped.disturbed()).isEmpty();
    assertThat(swapped.source()).isEqualTo("overlay");
    assertThat(log.fresh()).isEmpty();
    feed.disconnect();
    feed.connect();
    assertThat(log.fresh()).containsExactly("DISCONNECTED", "CONNECTING", "CONNECTED");
    assertThat(accepted)
        .extracting(client -> client.metadata("path").orElseThrow())
        .containsExactly("/a", "/b");
  }

  @Test
  void openListenerStaysAsItIs() {
    streams.overlay("{\"s\":[{\"site\":{\"port\":81}}]}").block(SOON);
    SecureStream feed = streams.open("feed");
    EventLog log = EventLog.of(feed);

    feed.connect();

    assertThat(log.all()).endsWith("CONNECTED");
  }

  @Test
  void refusedOverlayChangesNothing() {
    assertThatThrownBy(() -> streams.overlay("{\"s\":[{\"feed\":{\"port\":-1}}]}").block(SOON))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("error[RANGE] at $.s[0].feed.port");
    assertThat(streams.policy().streamType("feed").orElseThrow().port()).isEqualTo(80);
  }

  @Test
  void severalLieUponEachOther(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("two.json"), OVERLAY);

    streams.overlay("{\"s\":[{\"feed\":{\"timeout_ms\":7}}]}").block(SOON);
    streams.overlay(file).block(SOON);
    streams
        .overlay(
            new ByteArrayInputStream(
                "{\"s\":[{\"feed\":{\"ws_binary\":true}}]}".getBytes(StandardCharsets.UTF_8)))
        .block(SOON);

    assertThat(streams.policy().streamType("feed").orElseThrow())
        .satisfies(
            feed -> {
              assertThat(feed.timeoutMs()).isEqualTo(7);
              assertThat(feed.http().url().text()).isEqualTo("b");
            });
  }

  @Test
  void whatWasNoticedInThePolicyIsNotForgotten() {
    streams.updatePolicy(POLICY.replace("\"opportunistic\"", "\"opportunistick\"")).block(SOON);
    streams.overlay("{\"s\":[{\"feed\":{\"timeoutt_ms\":7}}]}").block(SOON);
    assertThat(streams.findings())
        .extracting(finding -> finding.path())
        .containsExactly("$.s[0].feed.opportunistick", "$.s[0].feed.timeoutt_ms");
  }

  @Test
  void policyThatFollowsTakesThePlaceOfTheOverlaidOne() {
    streams.overlay(OVERLAY).block(SOON);
    streams.updatePolicy(POLICY).block(SOON);
    assertThat(streams.policy().streamType("feed").orElseThrow().http().url().text())
        .isEqualTo("a");
  }

  @Test
  void overlaysOfTheBuilderAreThereFromTheStart() {
    try (SecureStreams overlaid =
        SecureStreams.builder()
            .policy(POLICY)
            .overlay(OVERLAY)
            .overlay("{\"s\":[{\"new\":{\"server\":true,\"protocol\":\"ws\"}}]}")
            .transport(transport)
            .build()) {
      assertThat(overlaid.policy().streamType("feed").orElseThrow().http().url().text())
          .isEqualTo("b");
      assertThat(overlaid.findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.SUSPICIOUS);
                assertThat(finding.path()).isEqualTo("$.s[0].new");
              });
    }
  }

  @Test
  void overlayThatCannotBeUsedIsRefusedAtTheStart() {
    SecureStreamsBuilder builder = SecureStreams.builder().policy(POLICY).overlay("{");
    assertThatThrownBy(builder::build)
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("overlay:1:");
  }
}
