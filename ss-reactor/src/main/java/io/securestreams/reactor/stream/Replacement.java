package io.securestreams.reactor.stream;

import io.securestreams.reactor.api.SwapMode;
import org.jspecify.annotations.Nullable;

/**
 * What a client stream will be once its connection from the old policy is gone. Inside the mailbox
 * only.
 */
final class Replacement {

  private final ClientProfile profile;
  private final boolean patient;
  @Nullable private final StreamTimer limit;
  private boolean due;

  /**
   * Starts the wait for the old connection.
   *
   * @param stream whose replacement it is
   * @param profile what it becomes
   * @param mode how long the old connection may go on
   */
  Replacement(StreamShell stream, ClientProfile profile, SwapMode mode) {
    this.profile = profile;
    this.patient = mode.isKeeping();
    this.due = mode.equals(SwapMode.CUT);
    this.limit =
        mode.drainLimit()
            .map(wait -> new StreamTimer(stream, wait.toMillis(), () -> due = true))
            .orElse(null);
  }

  /** What the stream becomes. */
  ClientProfile profile() {
    return profile;
  }

  /** True if the old connection is used as ever, until it ends by itself. */
  boolean isPatient() {
    return patient;
  }

  /** True if the old connection may not go on any longer. */
  boolean isDue() {
    return due;
  }

  /** The wait is over. */
  void end() {
    StreamTimer.cancel(limit);
  }
}
