package io.securestreams.reactor;

import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.system.PortalCheck;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * What a {@link SecureStreams} runs on.
 *
 * @param environment shared by all streams
 * @param updates puts other policies in force
 * @param scheduler runs timers
 * @param random draws jitter
 * @param messageLimit most bytes of a message that the convenience forms gather
 * @param pool keeps connections that closing must close
 * @param portal knows whether there is a captive portal
 * @param watcher of the policy's file, if it is watched
 */
record Foundation(
    Environment environment,
    PolicyUpdates updates,
    Scheduler scheduler,
    RandomGenerator random,
    long messageLimit,
    ClientTransport pool,
    PortalCheck portal,
    Disposable watcher) {

  private static final Logger LOGGER = LoggerFactory.getLogger(SecureStreams.class);

  /** Checks the components. */
  Foundation {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(updates, "updates");
    Objects.requireNonNull(scheduler, "scheduler");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(portal, "portal");
    Objects.requireNonNull(watcher, "watcher");
  }

  Foundation with(Disposable fileWatcher) {
    return new Foundation(
        environment, updates, scheduler, random, messageLimit, pool, portal, fileWatcher);
  }

  void close() {
    watcher.dispose();
    portal.close();
    environment.close();
    pool.close()
        .subscribe(
            nothing -> {},
            cause -> LOGGER.atWarn().setCause(cause).log("Kept connections were not closed"));
    updates.close();
  }
}
