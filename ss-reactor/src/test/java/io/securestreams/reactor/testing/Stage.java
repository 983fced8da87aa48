package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;

/**
 * Where streams meet their peers: closes all of them after each test, and fails a test that left a
 * stream behind, dropped an error, or made the library report a bug of its own.
 */
public final class Stage implements BeforeEachCallback, AfterEachCallback {

  /** Long enough for a busy machine. */
  public static final Duration SOON = Duration.ofSeconds(30);

  private final Deque<AutoCloseable> peers = new ArrayDeque<>();
  private final Deque<AutoCloseable> uses = new ArrayDeque<>();
  private final List<SecureStreams> contexts = new CopyOnWriteArrayList<>();
  private final List<String> dropped = new CopyOnWriteArrayList<>();
  private final LoggedErrors errors = new LoggedErrors();

  @Override
  public void beforeEach(ExtensionContext context) {
    errors.attach();
    Hooks.onErrorDropped(error -> dropped.add(error.toString()));
  }

  /** A context of this policy. */
  public SecureStreams streams(TestPolicy policy) {
    return streams(policy, builder -> builder);
  }

  /** A context of this policy, with more settings. */
  public SecureStreams streams(TestPolicy policy, UnaryOperator<SecureStreamsBuilder> settings) {
    SecureStreams streams = settings.apply(SecureStreams.builder().policy(policy.text())).build();
    contexts.add(streams);
    return streams;
  }

  /** A peer that is closed after the test, after the streams. */
  public <T extends AutoCloseable> T with(T peer) {
    peers.push(peer);
    return peer;
  }

  /** Ends a use of streams after the test, before it is checked that none is left. */
  public void ends(AutoCloseable use) {
    uses.push(use);
  }

  /** What was logged as an error, by a test that wants that. */
  public LoggedErrors errors() {
    return errors;
  }

  /** Waits for something that no event announces. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    try {
      for (AutoCloseable use : uses) {
        use.close();
      }
      for (SecureStreams streams : contexts) {
        await("the last stream's end", () -> streams.openStreams() == 0);
      }
    } finally {
      contexts.forEach(SecureStreams::close);
      for (AutoCloseable peer : peers) {
        peer.close();
      }
      errors.detach();
      Hooks.resetOnErrorDropped();
    }
    assertThat(errors.take()).as("errors logged").isEmpty();
    assertThat(dropped).as("errors dropped").isEmpty();
  }
}
