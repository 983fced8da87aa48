package io.securestreams.reactor;

import io.securestreams.reactor.stream.Environment;
import java.util.Objects;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * What a {@link SecureStreams} runs on.
 *
 * @param environment shared by all streams
 * @param scheduler runs timers
 * @param random draws jitter
 * @param messageLimit most bytes of a message that the convenience forms gather
 * @param release gives back what the builder made itself: transports and event loops
 */
record Foundation(
    Environment environment,
    Scheduler scheduler,
    RandomGenerator random,
    long messageLimit,
    Runnable release) {

  /** Checks the components. */
  Foundation {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(scheduler, "scheduler");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(release, "release");
  }

  void close() {
    environment.close();
    release.run();
  }
}
