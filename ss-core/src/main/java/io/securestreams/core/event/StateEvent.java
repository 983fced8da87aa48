package io.securestreams.core.event;

import io.securestreams.core.error.FailureKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream reached a state.
 *
 * <p>Instances are immutable and may be shared between streams.
 */
public final class StateEvent implements StreamEvent {

  private static final long NO_TX = -1;

  private static final StateEvent[] PLAIN = new StateEvent[21];

  static {
    for (StreamState state : StreamState.values()) {
      if (state != StreamState.USER) {
        PLAIN[state.code()] = new StateEvent(state, state.code(), 0, NO_TX, null);
      }
    }
  }

  private final StreamState state;
  private final int code;
  private final long ordinal;
  private final long txOrdinal;
  @Nullable private final Failure failure;

  private StateEvent(
      StreamState state, int code, long ordinal, long txOrdinal, @Nullable Failure failure) {
    this.state = state;
    this.code = code;
    this.ordinal = ordinal;
    this.txOrdinal = txOrdinal;
    this.failure = failure;
  }

  /**
   * What is known about a failed attempt or a lost connection.
   *
   * @param kind why it failed
   * @param attempt failed attempts of the series so far, this one included; 0 if the retry counter
   *     did not move
   * @param willRetry true if another attempt follows by itself
   * @param nextDelay the wait before that attempt; zero if there is none
   * @param detail one sentence that names peer and cause; empty if there is nothing to add
   */
  public record Failure(
      FailureKind kind, int attempt, boolean willRetry, Duration nextDelay, String detail) {

    /** Checks the components. */
    public Failure {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(nextDelay, "nextDelay");
      Objects.requireNonNull(detail, "detail");
    }
  }

  /**
   * The event of a state without any further facts.
   *
   * @param state any state but {@link StreamState#USER}
   */
  public static StateEvent of(StreamState state) {
    if (state == StreamState.USER) {
      throw new IllegalArgumentException("a user state needs its code");
    }
    return PLAIN[state.code()];
  }

  /**
   * The event of a user state.
   *
   * @param code 1000 and above
   */
  public static StateEvent user(int code) {
    if (code < StreamState.USER_BASE) {
      throw new IllegalArgumentException("user states start at 1000, got " + code);
    }
    return new StateEvent(StreamState.USER, code, 0, NO_TX, null);
  }

  /**
   * This event with the reference's {@code ack} argument.
   *
   * @param value unsigned 32-bit
   */
  public StateEvent withOrdinal(long value) {
    return value == ordinal ? this : new StateEvent(state, code, value, txOrdinal, failure);
  }

  /**
   * This event with the tx message that it concerns.
   *
   * @param value ordinal of a message of this stream, the first is 0
   */
  public StateEvent withTxOrdinal(long value) {
    return new StateEvent(state, code, ordinal, value, failure);
  }

  /**
   * This event with what is known about the failure behind it.
   *
   * @param value the facts
   */
  public StateEvent withFailure(Failure value) {
    return new StateEvent(state, code, ordinal, txOrdinal, value);
  }

  /** The state. */
  public StreamState state() {
    return state;
  }

  /** The wire code; for user states their own code, 1000 and above. */
  public int code() {
    return code;
  }

  /** Exactly the reference's {@code ack} argument: 0 for nearly every state. */
  public long ordinal() {
    return ordinal;
  }

  /** The tx message that an acknowledgement belongs to. */
  public OptionalLong txOrdinal() {
    return txOrdinal == NO_TX ? OptionalLong.empty() : OptionalLong.of(txOrdinal);
  }

  /**
   * What failed; present on UNREACHABLE, AUTH_FAILED, ALL_RETRIES_FAILED and lost connections, and
   * on the DESTROYING of a stream whose type left the policy.
   */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Why it failed, as {@link Failure#kind()}. */
  public Optional<FailureKind> failureKind() {
    return failure().map(Failure::kind);
  }

  /** Failed attempts of the series so far; 0 when nothing failed. */
  public int attempt() {
    return failure == null ? 0 : failure.attempt();
  }

  /** True if another attempt follows by itself. */
  public boolean willRetry() {
    return failure != null && failure.willRetry();
  }

  /** True if the policy's {@code conceal} keeps ALL_RETRIES_FAILED away for now. */
  public boolean concealed() {
    return willRetry();
  }

  /** The wait before the next attempt; zero when none follows. */
  public Duration nextDelay() {
    return failure == null ? Duration.ZERO : failure.nextDelay();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateEvent event
        && code == event.code
        && ordinal == event.ordinal
        && txOrdinal == event.txOrdinal
        && Objects.equals(failure, event.failure);
  }

  @Override
  public int hashCode() {
    return Objects.hash(code, ordinal, txOrdinal, failure);
  }

  /** The state's name with its facts, for example {@code UNREACHABLE[DNS, attempt 1, ...]}. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(state == StreamState.USER ? Integer.toString(code) : state.name());
    if (ordinal != 0) {
      text.append('(').append(ordinal).append(')');
    }
    if (failure != null) {
      text.append('[').append(failure.kind()).append(", attempt ").append(failure.attempt());
      text.append(
          failure.willRetry()
              ? ", next in " + failure.nextDelay().toMillis() + " ms"
              : ", no retry");
      text.append(']');
    }
    return text.toString();
  }
}
