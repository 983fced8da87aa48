package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.reactor.api.SwapMode;
import org.jspecify.annotations.Nullable;

/**
 * What a client stream will be once its connection from the old policy is gone, or that it will not
 * be. Inside the mailbox only.
 */
final class Replacement {

  @Nullable private final ClientProfile profile;
  private final LinkFailure reason;
  private final boolean patient;
  @Nullable private final StreamTimer limit;
  private boolean due;

  /**
   * Starts the wait for the old connection.
   *
   * @param stream whose replacement it is
   * @param profile what it becomes; null if it ends
   * @param reason why
   * @param mode how long the old connection may go on
   */
  Replacement(
      StreamShell stream, @Nullable ClientProfile profile, LinkFailure reason, SwapMode mode) {
    this.profile = profile;
    this.reason = reason;
    this.patient = mode.isKeeping();
    this.due = mode.equals(SwapMode.CUT);
    this.limit =
        mode.drainLimit()
            .map(wait -> new StreamTimer(stream, wait.toMillis(), ended -> due = true))
            .orElse(null);
  }

  /** What the stream becomes; null if it ends. */
  @Nullable ClientProfile profile() {
    return profile;
  }

  /** Why. */
  LinkFailure reason() {
    return reason;
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
