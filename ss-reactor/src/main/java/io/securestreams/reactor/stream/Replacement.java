package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.policy.Side;
import io.securestreams.reactor.api.SwapMode;
import java.util.Optional;
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
   * Compares a stream with the policy in force, and starts the wait for the old connection.
   *
   * @param stream what may have to change
   * @param current what it is now
   * @param mode how long the old connection may go on
   * @return null if the policy says of it what it said before
   */
  @Nullable
  static Replacement following(ClientStream stream, ClientProfile current, SwapMode mode) {
    PolicySnapshot policy = stream.environment().policy();
    String name = stream.streamType();
    Optional<PolicyException> refusal = policy.refusal(name, Side.CLIENT);
    if (refusal.isPresent()) {
      String why = String.valueOf(refusal.get().getMessage());
      return new Replacement(stream, null, LinkFailure.of(FailureKind.POLICY, why), mode);
    }
    ClientProfile next = policy.client(name);
    return next.isLike(current)
        ? null
        : new Replacement(stream, next, LinkFailure.of(StreamErrors.replaced(name)), mode);
  }

  private Replacement(
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
