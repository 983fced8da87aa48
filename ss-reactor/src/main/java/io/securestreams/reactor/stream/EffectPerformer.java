package io.securestreams.reactor.stream;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.lifecycle.Effect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the lifecycle of one stream wants done. Inside the mailbox only. */
final class EffectPerformer implements Effect.Performer {

  private static final Logger LOGGER = LoggerFactory.getLogger(EffectPerformer.class);

  private final StreamShell stream;

  /** What the callback of the last emission returned. */
  private StreamReturn result = StreamReturn.OK;

  /** An attempt waits until the subscriber takes events. */
  private boolean openDeferred;

  @Nullable private StreamTimer retryTimer;
  @Nullable private StreamTimer timeoutTimer;

  EffectPerformer(StreamShell stream) {
    this.stream = stream;
  }

  /** Takes the result of the callback that the last emission led to. */
  StreamReturn takeResult() {
    StreamReturn taken = result;
    result = StreamReturn.OK;
    return taken;
  }

  /** Opens the link that had to wait for the subscriber. */
  void settle() {
    if (openDeferred && stream.mayOpen()) {
      openDeferred = false;
      stream.openLink();
    }
  }

  /** Stops both timers for good. */
  void stop() {
    StreamTimer.cancel(retryTimer);
    StreamTimer.cancel(timeoutTimer);
  }

  @Override
  public void emit(StateEvent event) {
    result = stream.deliverState(event);
  }

  @Override
  public void openLink() {
    openDeferred = !stream.mayOpen();
    if (!openDeferred) {
      stream.openLink();
    }
  }

  @Override
  public void closeLink() {
    openDeferred = false;
    stream.closeSlot(stream.farewell(), () -> StreamErrors.closed(stream.streamType()));
  }

  @Override
  public void scheduleRetry(long delayMs) {
    StreamTimer.cancel(retryTimer);
    retryTimer = new StreamTimer(stream, delayMs, due -> due.step(due.lifecycle().retryDue()));
  }

  @Override
  public void cancelRetry() {
    StreamTimer.cancel(retryTimer);
    retryTimer = null;
  }

  @Override
  public void armTimeout(long ms) {
    StreamTimer.cancel(timeoutTimer);
    timeoutTimer = new StreamTimer(stream, ms, due -> due.step(due.lifecycle().timeoutFired()));
  }

  @Override
  public void cancelTimeout() {
    StreamTimer.cancel(timeoutTimer);
    timeoutTimer = null;
  }

  @Override
  public void serveTx() {
    stream.poke();
  }

  @Override
  public void release() {
    stream.release();
  }

  @Override
  public void violation(BugException bug) {
    LOGGER
        .atError()
        .addKeyValue("streamType", stream.streamType())
        .setCause(bug)
        .log("The stream is destroyed; please report this");
  }
}
