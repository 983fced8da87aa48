package io.securestreams.reactor;

import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.stream.Environment;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * What a {@link SecureStreams} runs on.
 *
 * @param environment shared by all streams
 * @param scheduler runs timers
 * @param random draws jitter
 * @param messageLimit most bytes of a message that the convenience forms gather
 * @param pool keeps connections that closing must close
 */
record Foundation(
    Environment environment,
    Scheduler scheduler,
    RandomGenerator random,
    long messageLimit,
    ClientTransport pool) {

  private static final Logger LOGGER = LoggerFactory.getLogger(SecureStreams.class);

  /** Checks the components. */
  Foundation {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(scheduler, "scheduler");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(pool, "pool");
  }

  void close() {
    environment.close();
    pool.close()
        .subscribe(
            nothing -> {},
            cause -> LOGGER.atWarn().setCause(cause).log("Kept connections were not closed"));
  }
}
