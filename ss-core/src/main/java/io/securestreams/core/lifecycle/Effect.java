package io.securestreams.core.lifecycle;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Something that the {@link Lifecycle} wants done; only the shell does it.
 *
 * <p>{@link #performOn} is the exhaustive way to tell effects apart.
 */
public sealed interface Effect {

  /**
   * Hands the effect to the method that performs it.
   *
   * @param performer the shell
   */
  void performOn(Performer performer);

  /** One method for each effect. */
  interface Performer {

    /**
     * Deliver a state; afterwards call {@link Lifecycle#returned} before any other input.
     *
     * @param event the state
     */
    void emit(StateEvent event);

    /** Start an attempt to get a link. */
    void openLink();

    /**
     * Drop the link or the attempt now; nothing it still signals concerns the lifecycle. The link
     * finishes its close handshake by itself. For a listener: close the listening socket.
     */
    void closeLink();

    /**
     * Call {@link Lifecycle#retryDue} later.
     *
     * @param delayMs the wait in ms
     */
    void scheduleRetry(long delayMs);

    /** Forget the scheduled retry. */
    void cancelRetry();

    /**
     * Call {@link Lifecycle#timeoutFired} later, in place of a timer that already runs.
     *
     * @param ms the wait in ms, above 0
     */
    void armTimeout(long ms);

    /** Stop the stream's own timer. */
    void cancelTimeout();

    /** The tx callback may run, or the tx queue may be drained, as far as the link takes data. */
    void serveTx();

    /** The stream is over; nothing follows. */
    void release();

    /**
     * Log it as an error: the lifecycle wanted to report an illegal state. It was not reported, and
     * the same step begins to end the stream.
     *
     * @param bug names both states
     */
    void violation(BugException bug);
  }

  /** The effects without parameters. */
  enum Bare implements Effect {
    /** {@link Performer#openLink}. */
    OPEN_LINK,
    /** {@link Performer#closeLink}. */
    CLOSE_LINK,
    /** {@link Performer#cancelRetry}. */
    CANCEL_RETRY,
    /** {@link Performer#cancelTimeout}. */
    CANCEL_TIMEOUT,
    /** {@link Performer#serveTx}. */
    SERVE_TX,
    /** {@link Performer#release}. */
    RELEASE;

    @Override
    public void performOn(Performer performer) {
      switch (this) {
        case OPEN_LINK -> performer.openLink();
        case CLOSE_LINK -> performer.closeLink();
        case CANCEL_RETRY -> performer.cancelRetry();
        case CANCEL_TIMEOUT -> performer.cancelTimeout();
        case SERVE_TX -> performer.serveTx();
        case RELEASE -> performer.release();
      }
    }
  }

  /**
   * {@link Performer#emit}.
   *
   * @param event the state to deliver
   */
  record Emit(StateEvent event) implements Effect {

    private static final Map<StreamState, Emit> PLAIN = new EnumMap<>(StreamState.class);

    static {
      for (StreamState state : StreamState.values()) {
        if (state != StreamState.USER) {
          PLAIN.put(state, new Emit(StateEvent.of(state)));
        }
      }
    }

    /** Checks the component. */
    public Emit {
      Objects.requireNonNull(event, "event");
    }

    /** The shared instance for a state without further facts, else a new one. */
    static Emit of(StateEvent event) {
      Emit plain = PLAIN.get(event.state());
      return plain != null && plain.event.equals(event) ? plain : new Emit(event);
    }

    @Override
    public void performOn(Performer performer) {
      performer.emit(event);
    }
  }

  /**
   * {@link Performer#scheduleRetry}.
   *
   * @param delayMs the wait in ms
   */
  record ScheduleRetry(long delayMs) implements Effect {

    @Override
    public void performOn(Performer performer) {
      performer.scheduleRetry(delayMs);
    }
  }

  /**
   * {@link Performer#armTimeout}.
   *
   * @param ms the wait in ms, above 0
   */
  record ArmTimeout(long ms) implements Effect {

    @Override
    public void performOn(Performer performer) {
      performer.armTimeout(ms);
    }
  }

  /**
   * {@link Performer#violation}.
   *
   * @param bug names both states
   */
  record Violation(BugException bug) implements Effect {

    @Override
    public void performOn(Performer performer) {
      performer.violation(bug);
    }
  }
}
