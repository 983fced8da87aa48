package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A context for one test: virtual time, no jitter, and links that are scripted or local. After the
 * test no stream may be open, and no error may have been logged that the test did not take.
 */
public final class TestStreams implements BeforeEachCallback, AfterEachCallback {

  /** Draws 0 always, so that a backoff is exactly its table. */
  private static final RandomGenerator NO_JITTER = () -> 0L;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final ScriptedTransport scripted = new ScriptedTransport();
  private final ScriptedServer server = new ScriptedServer();
  private final LocalTransport local = LocalTransport.create();
  private final LoggedErrors errors = new LoggedErrors();
  private final SecureStreams streams;

  private TestStreams(boolean isLocal, UnaryOperator<SecureStreamsBuilder> settings) {
    SecureStreamsBuilder builder =
        SecureStreams.builder().transport(local).scheduler(time).random(NO_JITTER);
    streams =
        settings.apply(isLocal ? builder : builder.transport(scripted).transport(server)).build();
  }

  /** All links are scripted. */
  public static TestStreams scripted(String policy) {
    return scripted(builder -> builder.policy(policy));
  }

  /** All links are scripted. */
  public static TestStreams scripted(UnaryOperator<SecureStreamsBuilder> settings) {
    return new TestStreams(false, settings);
  }

  /** Clients and servers meet in the local transport. */
  public static TestStreams local(String policy) {
    return local(builder -> builder.policy(policy));
  }

  /** Clients and servers meet in the local transport. */
  public static TestStreams local(UnaryOperator<SecureStreamsBuilder> settings) {
    return new TestStreams(true, settings);
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    errors.attach();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    streams.close();
    errors.detach();
    assertThat(streams.openStreams()).as("open streams").isZero();
    assertThat(errors.take()).as("logged errors").isEmpty();
  }

  /** The context. */
  public SecureStreams streams() {
    return streams;
  }

  /** A new stream. */
  public SecureStream open(String streamType) {
    return streams.open(streamType);
  }

  /** The scripted transport. */
  public ScriptedTransport transport() {
    return scripted;
  }

  /** The scripted listener. */
  public ScriptedServer server() {
    return server;
  }

  /** The link of the next attempt. */
  public TestLink link() {
    return scripted.next();
  }

  /** The local transport. */
  public LocalTransport local() {
    return local;
  }

  /** What was logged as an error. */
  public LoggedErrors errors() {
    return errors;
  }

  /** Lets time pass. */
  public void pass(Duration duration) {
    time.advanceTimeBy(duration);
  }

  /** Lets time pass, in milliseconds. */
  public void passMs(long ms) {
    pass(Duration.ofMillis(ms));
  }

  /** The scheduler of the context. */
  public VirtualTimeScheduler time() {
    return time;
  }
}
