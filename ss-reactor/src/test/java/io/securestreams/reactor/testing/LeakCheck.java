package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test after which the collector found a Netty buffer that nobody released. The detection
 * level comes from the build.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  /**
   * Looks once, after all tests of a class: for many short ones. To collect garbage takes longer
   * than each of them.
   */
  public static final class AtTheEnd implements BeforeAllCallback, AfterAllCallback {

    private final LeakCheck check = new LeakCheck();

    @Override
    public void beforeAll(ExtensionContext context) {
      check.beforeEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
      check.afterEach(context);
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  static {
    Logger detector = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    AppenderBase<ILoggingEvent> recorder =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith("LEAK")) {
              LEAKS.add(event.getFormattedMessage());
            }
          }
        };
    recorder.setContext(detector.getLoggerContext());
    recorder.start();
    detector.addAppender(recorder);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    assertThat(ResourceLeakDetector.getLevel())
        .as("the level of leak detection; tests are run by the build")
        .isEqualTo(ResourceLeakDetector.Level.PARANOID);
    LEAKS.clear();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(found()).as("buffers that were not released").isEmpty();
  }

  /** Collects garbage and lets Netty look at what was found. */
  public static List<String> found() {
    // The second collection begins after everything that the first one found was queued.
    collect();
    collect();
    // Netty reports what was queued when it hands out the next buffer.
    ByteBufAllocator.DEFAULT.buffer(16).release();
    return List.copyOf(LEAKS);
  }

  private static void collect() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      do {
        System.gc();
      } while (queue.remove(100) != canary && System.nanoTime() < deadline);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while garbage was collected", e);
    }
    assertThat(canary.refersTo(null)).as("garbage was collected").isTrue();
  }
}
