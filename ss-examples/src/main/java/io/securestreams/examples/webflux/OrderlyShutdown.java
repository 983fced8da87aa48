package io.securestreams.examples.webflux;

import io.securestreams.reactor.SecureStreams;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

// region shutdown
/** Lets running transactions and queued messages finish before the application ends. */
final class OrderlyShutdown implements SmartLifecycle {

  private final SecureStreams streams;
  private volatile boolean running;

  OrderlyShutdown(SecureStreams streams) {
    this.streams = streams;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop(Runnable callback) {
    streams
        .closeGracefully(Duration.ofSeconds(10))
        .doFinally(signal -> stopped(callback))
        .subscribe(nothing -> {}, failure -> {});
  }

  @Override
  public void stop() {
    streams.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void stopped(Runnable callback) {
    running = false;
    callback.run();
  }
}
// endregion
