package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.ReceivedMetadata;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.stream.PolicySnapshot;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What operators are told of policies that are put in force. */
class PolicyUpdatesTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Logger logger = (Logger) LoggerFactory.getLogger(SecureStreams.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(log);
  }

  @Test
  void whatThePlatformLacksIsToldOfEachPolicyThatIsPutInForce() {
    PolicyUpdates updates = updates(policy("first"));

    updates.update(PolicyInput.of(policy("second"))).block(SOON);
    updates
        .overlay(PolicyInput.Overlay.of("{\"s\":[{\"second\":{\"http_url\":\"y\"}}]}"))
        .block(SOON);
    updates.update(PolicyInput.of("{")).onErrorComplete().block(SOON);

    assertThat(lacks())
        .containsExactly("lacks of [first]", "lacks of [second]", "lacks of [second]");
  }

  private List<String> lacks() {
    return log.list.stream()
        .filter(event -> event.getMessage().equals("Missing for the policy"))
        .map(event -> String.valueOf(event.getKeyValuePairs().get(0).value))
        .toList();
  }

  private static PolicyUpdates updates(String policy) {
    PolicyDatabase first = PolicyParser.lenient().parse(policy, "first").orThrow();
    LocalTransport transport = LocalTransport.create();
    Environment environment =
        new Environment(
            new PolicySnapshot(first),
            transport,
            transport,
            VirtualTimeScheduler.create(),
            () -> 0L,
            1,
            new SystemBlobs(),
            ReceivedMetadata.KEPT,
            () -> {});
    return new PolicyUpdates(
        environment,
        PolicyParser.lenient(),
        SwapMode.CUT,
        database -> List.of("lacks of " + database.streamTypes().keySet()),
        new PolicyEvent.Loaded("first", List.of()));
  }

  private static String policy(String streamType) {
    return """
        {"s":[{"%s":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET",
                     "http_url":"x"}}]}
        """
        .formatted(streamType);
  }
}
