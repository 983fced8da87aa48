package io.securestreams.core.lifecycle;

import io.securestreams.core.policy.RetryScheme;
import java.util.List;
import java.util.Optional;

/**
 * Whether a connection is still alive: when to ping the peer, and when to hang up on it.
 *
 * <pre>
 *   up() ---&gt; QUIET --(P seconds)---&gt; ping ---&gt; ASKED --(H - P seconds)---&gt; hang up
 *               ^                                 |
 *               +------------ proof() ------------+
 * </pre>
 *
 * <p>With P at or above H there is no ping. With P 0 the first ping goes out at once, and later
 * ones at half of H after a proof: a ping at every proof would never end.
 *
 * <p>While reading is gated nothing can be proved, so the timer stops; afterwards the stage it was
 * in begins anew.
 *
 * <p><b>Shape:</b> immutable. One timer: each {@link Effect.Arm} replaces the one before. Source:
 * policy keys {@code retry[].*.svalidping} and {@code svalidhup}.
 *
 * @param pingMs P in ms, 0..65535000
 * @param hangupMs H in ms, 0..65535000; 0 turns all checks off
 * @param stage what the timer waits for
 * @param paused reading is gated
 */
public record Validity(long pingMs, long hangupMs, Stage stage, boolean paused) {

  private static final int PING_WITHOUT_SCHEME = 40;
  private static final int HANGUP_WITHOUT_SCHEME = 50;
  private static final long SECOND = 1000;

  /** What the timer waits for. */
  public enum Stage {
    /** The connection is not up, or is not checked, or was hung up on. */
    OFF,
    /** To ping. */
    QUIET,
    /** To hang up. */
    ASKED
  }

  /** Something to do about the connection. */
  public sealed interface Effect {

    /**
     * Call {@link Validity#due} later, in place of the timer that runs.
     *
     * @param ms the wait in ms
     */
    record Arm(long ms) implements Effect {}

    /** The effects without parameters. */
    enum Bare implements Effect {
      /** Stop the timer. */
      DISARM,
      /** Send a ping. */
      SEND_PING,
      /** Close the connection; the stream sees an ordinary loss. */
      HANG_UP
    }
  }

  /**
   * What an input leads to.
   *
   * @param next the validity from now on
   * @param effects what to do, in this order
   */
  public record Step(Validity next, List<Effect> effects) {

    /** Copies the list. */
    public Step {
      effects = List.copyOf(effects);
    }
  }

  /**
   * The checks of a connection that is not up yet.
   *
   * @param pingSeconds P, 0..65535
   * @param hangupSeconds H, 0..65535; 0 turns all checks off
   * @throws IllegalArgumentException if one is negative
   */
  public static Validity of(int pingSeconds, int hangupSeconds) {
    if (pingSeconds < 0 || hangupSeconds < 0) {
      throw new IllegalArgumentException(
          "validity of " + pingSeconds + " s ping, " + hangupSeconds + " s hangup");
    }
    return new Validity(pingSeconds * SECOND, hangupSeconds * SECOND, Stage.OFF, false);
  }

  /**
   * The checks that a retry scheme asks for.
   *
   * @param scheme empty means ping after 40 s, hang up after 50 s
   */
  public static Validity of(Optional<RetryScheme> scheme) {
    return scheme
        .map(values -> of(values.validityPing(), values.validityHangup()))
        .orElseGet(() -> of(PING_WITHOUT_SCHEME, HANGUP_WITHOUT_SCHEME));
  }

  /**
   * These checks with a ping at least as often as a broker expects a sign of life.
   *
   * @param seconds the MQTT keep-alive; 0 for none
   */
  public Validity withKeepAlive(int seconds) {
    return seconds > 0 && seconds * SECOND < pingMs
        ? new Validity(seconds * SECOND, hangupMs, stage, paused)
        : this;
  }

  /** The connection is up. */
  public Step up() {
    if (hangupMs == 0) {
      return new Step(this, List.of());
    }
    return pingMs == 0 ? ping(hangupMs) : quiet();
  }

  /** The peer proved that it is alive; without a checked connection this changes nothing. */
  public Step proof() {
    return stage == Stage.OFF ? new Step(this, List.of()) : quiet();
  }

  /** The timer fired. */
  public Step due() {
    if (paused) {
      return new Step(this, List.of());
    }
    return switch (stage) {
      case OFF -> new Step(this, List.of());
      case QUIET -> ping(hangupMs - quietMs());
      case ASKED -> new Step(in(Stage.OFF), List.of(Effect.Bare.HANG_UP));
    };
  }

  /** Reading is gated from now on. */
  public Step pause() {
    Validity next = new Validity(pingMs, hangupMs, stage, true);
    return new Step(next, paused || stage == Stage.OFF ? List.of() : List.of(Effect.Bare.DISARM));
  }

  /** Reading goes on. */
  public Step resume() {
    Validity next = new Validity(pingMs, hangupMs, stage, false);
    return new Step(
        next, paused && stage != Stage.OFF ? List.of(new Effect.Arm(stageMs())) : List.of());
  }

  private Step ping(long hangupAfterMs) {
    Validity next = in(Stage.ASKED);
    return new Step(
        next,
        paused
            ? List.of(Effect.Bare.SEND_PING)
            : List.of(Effect.Bare.SEND_PING, new Effect.Arm(hangupAfterMs)));
  }

  private Step quiet() {
    Validity next = in(pings() ? Stage.QUIET : Stage.ASKED);
    return new Step(next, paused ? List.of() : List.of(new Effect.Arm(next.stageMs())));
  }

  private long stageMs() {
    return switch (stage) {
      case OFF -> 0;
      case QUIET -> quietMs();
      case ASKED -> pings() ? hangupMs - pingMs : hangupMs;
    };
  }

  private long quietMs() {
    return pingMs == 0 ? hangupMs / 2 : pingMs;
  }

  private boolean pings() {
    return pingMs < hangupMs;
  }

  private Validity in(Stage other) {
    return new Validity(pingMs, hangupMs, other, paused);
  }
}
