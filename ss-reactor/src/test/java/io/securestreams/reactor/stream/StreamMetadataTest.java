package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.MetadataException;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Metadata: given by the application, asked for at each attempt, set by the peer. */
class StreamMetadataTest {

  private static final String POLICY =
      """
      {"retry":[{"r1":{"backoff":[100],"conceal":1}}],
       "s":[{"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET",
               "http_url":"x/${name}",
               "metadata":[{"name":"","region":"x-region:"}],
               "opportunistic":true,"retry":"r1"}}]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final SecureStream stream = context.open("get").metadata("name", "default");

  @Test
  void putsAValueIntoPathAndHeader() {
    stream.metadata("name", "me").metadata("region", "uk");
    EventLog.of(stream);

    stream.connect();

    TestLink link = context.link();
    assertThat(link.http().path()).isEqualTo("/x/me");
    assertThat(link.http().headers()).contains(new Header("x-region", "uk"));
    assertThat(stream.metadata("name")).contains("me");
  }

  @Test
  void usesANewValueFromTheNextAttemptOn() {
    EventLog.of(stream);
    stream.connect();
    TestLink first = context.link();
    stream.metadata("name", "second");
    first.fail(FailureKind.CONNECT);

    context.passMs(100);

    assertThat(first.http().path()).isEqualTo("/x/default");
    assertThat(context.link().http().path()).isEqualTo("/x/second");
  }

  @Test
  void asksASupplierAtEachAttempt() {
    AtomicInteger asked = new AtomicInteger();
    stream.metadata("name", () -> "v" + asked.incrementAndGet());
    EventLog.of(stream);
    stream.connect();
    context.link().fail(FailureKind.CONNECT);
    context.passMs(100);

    assertThat(context.link().http().path()).isEqualTo("/x/v2");
    assertThat(stream.metadata("name")).isEmpty();
  }

  @Test
  void waitsForAMonoWithTheAttempt() {
    Sinks.One<String> value = Sinks.one();
    stream.metadata("name", value.asMono());
    EventLog log = EventLog.of(stream);
    stream.connect();
    context.transport().expectNoAttempt();

    value.tryEmitValue("late");

    assertThat(context.link().http().path()).isEqualTo("/x/late");
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING");
  }

  @Test
  void keepsWhatAResponseSetForTheNextRequest() {
    EventLog.of(stream);
    stream.connect();
    context.link().up(0, new MetadataValue("region", "eu")).ack();

    stream.connect();

    assertThat(stream.metadata("region")).contains("eu");
    assertThat(context.link().http().headers()).contains(new Header("x-region", "eu"));
  }

  @Test
  void dropsTheAttemptThatWaitsForAMonoWhenItIsDisconnected() {
    Sinks.One<String> value = Sinks.one();
    stream.metadata("name", value.asMono());
    EventLog.of(stream);
    stream.connect();

    stream.disconnect();
    boolean observed = value.currentSubscriberCount() > 0;
    value.tryEmitValue("late");

    assertThat(observed).isFalse();
    context.transport().expectNoAttempt();
  }

  @Test
  void leavesANameUnsetForAnEmptyMono() {
    stream.metadata("region", Mono.empty());
    EventLog.of(stream);

    stream.connect();

    assertThat(context.link().http().headers())
        .noneMatch(header -> header.name().equals("x-region"));
  }

  @Test
  void failsTheAttemptWhenAValueIsNotToBeHad() {
    AtomicInteger asked = new AtomicInteger();
    stream.metadata(
        "name",
        Mono.fromSupplier(
            () -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("no token");
              }
              return "ok";
            }));
    EventLog log = EventLog.of(stream);
    stream.connect();
    context.transport().expectNoAttempt();
    assertThat(log.last(StreamState.UNREACHABLE).failureKind()).contains(FailureKind.PLAN);

    context.passMs(100);

    assertThat(context.link().http().path()).isEqualTo("/x/ok");
    assertThat(log.all())
        .containsExactly("CREATING", "CONNECTING", "UNREACHABLE", "POLL", "CONNECTING");
  }

  @Test
  void givesUpWhenAValueIsNeverToBeHad() {
    stream.metadata("name", Mono.error(new IllegalStateException("no token")));
    EventLog log = EventLog.of(stream);
    stream.connect();

    context.passMs(100);

    assertThat(log.states()).endsWith(StreamState.UNREACHABLE, StreamState.ALL_RETRIES_FAILED);
    assertThat(context.transport().attempts()).isZero();
  }

  @Test
  void failsTheAttemptForASupplierOfNull() {
    AtomicInteger asked = new AtomicInteger();
    stream.metadata("name", () -> asked.incrementAndGet() > 5 ? "never" : nothing());
    EventLog log = EventLog.of(stream);

    stream.connect();

    assertThat(log.states()).endsWith(StreamState.UNREACHABLE);
    assertThat(log.last(StreamState.UNREACHABLE).failureKind()).contains(FailureKind.PLAN);
    context.transport().expectNoAttempt();
  }

  @Test
  void showsWhatTheResponseSetsBeforeConnected() {
    EventLog log =
        EventLog.at(
            StreamState.CONNECTED,
            stream,
            () -> assertThat(stream.metadata("region")).contains("fr"));
    stream.connect();

    context.link().up(0, new MetadataValue("region", "fr")).ack();

    assertThat(log.all())
        .containsExactly(
            "CREATING", "CONNECTING", "region=fr", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED");
  }

  @Test
  void refusesANameThatIsNotDeclared() {
    assertThatThrownBy(() -> stream.metadata("nmae", "x"))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("nmae")
        .hasMessageContaining("name");
    assertThatThrownBy(() -> stream.metadata("other")).isInstanceOf(MetadataException.class);
    assertThatThrownBy(() -> stream.metadata("other", Mono.just("x")))
        .isInstanceOf(MetadataException.class);
  }

  private static String nothing() {
    return Map.<String, String>of().get("missing");
  }
}
