package io.securestreams.core.lifecycle;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StateEvent.Failure;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import java.time.Duration;
import java.util.Optional;

/**
 * The state machine of a stream: one method per input, each giving the next lifecycle and what is
 * to be done.
 *
 * <pre>
 *                      create()
 *                         | CREATING
 *                         v
 *   +------------------ IDLE &lt;-------------------------------------+
 *   | txRequested()  POLL |  connectRequested(), nailed_up         |
 *   |                     v                                        |
 *   |                CONNECTING                                    |
 *   |                     v              UNREACHABLE, AUTH_FAILED  |
 *   |                  ATTEMPT ---------------+                    |
 *   |    linkUp() CONNECTED |                 |                    |
 *   |                       v    DISCONNECTED v  ALL_RETRIES_FAILED|
 *   |                  CONNECTED ---------&gt; backoff? --------------+
 *   |                       |                 | yes                |
 *   |    acked() QOS_ACK,   |                 v                    |
 *   |         DISCONNECTED  |               WAIT                   |
 *   |                       |                 | retryDue()  POLL   |
 *   |                       |                 +----&gt; CONNECTING    |
 *   |                       +--------------------------------------+
 *   | destroyRequested(), or DESTROY_ME, from anywhere
 *   +---&gt; [DISCONNECTED] DESTROYING, then OVER
 * </pre>
 *
 * <p><b>Shape:</b> immutable; the shell calls it on one thread at a time. The shell keeps three
 * promises. (1) It performs the effects in their order. After delivering a state it calls {@link
 * #returned} exactly once, with OK if nobody answers, and keeps all other inputs back until then;
 * calls made from inside a handler are such inputs. (2) It forwards signals of the newest link
 * only. (3) It draws {@code draw} evenly from 0..65535. Inputs that have no meaning in a phase
 * change nothing.
 *
 * <p><b>Errors:</b> {@link BugException} if the first promise is broken. A state that the {@link
 * StateTable} forbids is not reported: the step starts with {@link Effect.Violation} and goes on to
 * end the stream.
 *
 * <p>Source: {@code lws_ss_event_helper}, {@code lws_ss_backoff}, {@code lws_ss_request_tx}.
 *
 * @param profile the facts of the stream type
 * @param phase what the stream is busy with
 * @param recorded the state reported last
 * @param txWanted a request to send waits to be served
 * @param failures failed attempts of the series so far, 0..65535
 * @param timerRuns the stream's own timer runs
 * @param pending which delivered state awaits its answer
 * @param lastFailure the failure reported last; empty once a link was up
 */
public record Lifecycle(
    LifecycleProfile profile,
    Phase phase,
    RecordedState recorded,
    boolean txWanted,
    int failures,
    boolean timerRuns,
    Continuation pending,
    Optional<Failure> lastFailure) {

  /** The {@code txOrdinal} of an acknowledgement that belongs to no message in particular. */
  public static final long NO_MESSAGE = -1;

  /**
   * A client before its creation.
   *
   * @param profile the facts of its stream type
   */
  public static Lifecycle client(LifecycleProfile profile) {
    return fresh(profile.in(Role.CLIENT));
  }

  /**
   * A listener before its creation, with its socket bound.
   *
   * @param profile the facts of its stream type
   */
  public static Lifecycle listener(LifecycleProfile profile) {
    return fresh(profile.in(Role.LISTENER));
  }

  /**
   * An accepted stream before its creation, with its link accepted.
   *
   * @param profile the facts of its stream type; the listener's profile will do
   */
  public static Lifecycle accepted(LifecycleProfile profile) {
    return fresh(profile.in(Role.ACCEPTED));
  }

  private static Lifecycle fresh(LifecycleProfile profile) {
    return new Lifecycle(
        profile,
        Phase.NEW,
        RecordedState.NONE,
        false,
        0,
        false,
        Continuation.NONE,
        Optional.empty());
  }

  /** True if a state was delivered whose answer is awaited: only {@link #returned} may come. */
  public boolean awaitsReturn() {
    return pending != Continuation.NONE;
  }

  /**
   * The stream is created: CREATING; a nailed-up client and an accepted stream go on by themselves.
   */
  public Step create() {
    Move move = input("create()");
    if (phase != Phase.NEW) {
      return move.done();
    }
    Phase first = profile.role() == Role.ACCEPTED ? Phase.ATTEMPT : Phase.IDLE;
    return move.emit(StateEvent.of(StreamState.CREATING), Continuation.CREATED, first);
  }

  /**
   * User code wants a connection: a whole new series of attempts, unless there is a link already.
   */
  public Step connectRequested() {
    Move move = input("connect()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.connectRequested(move);
      case LISTENER, ACCEPTED -> move.done();
    };
  }

  /**
   * User code wants no connection: the stream closes and stays idle until connect or tx, even if it
   * would come back by itself. A request to send that was not served stays remembered.
   */
  public Step disconnectRequested() {
    Move move = input("disconnect()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.disconnectRequested(move);
      case LISTENER -> move.done();
      case ACCEPTED -> AcceptedRules.disconnectRequested(move);
    };
  }

  /** User code has something to send; remembered until {@link #txServed}. */
  public Step txRequested() {
    Move move = input("request_tx()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.txRequested(move);
      case LISTENER -> move.done();
      case ACCEPTED -> AcceptedRules.txRequested(move);
    };
  }

  /**
   * The request to send was served: the callback ran, or the queue is empty, or the running
   * transaction has no body and so needs nothing. Without this call the next transaction starts
   * when this one ends.
   */
  public Step txServed() {
    Move move = input("txServed()");
    move.txWanted = false;
    return move.done();
  }

  /**
   * The link is usable: CONNECTED.
   *
   * @param userState the user state to report before, 1000 and above; 0 for none. Source: policy
   *     key {@code http_resp_map}
   */
  public Step linkUp(int userState) {
    Move move = input("linkUp()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.linkUp(move, userState);
      case LISTENER -> move.done();
      case ACCEPTED -> AcceptedRules.linkUp(move);
    };
  }

  /**
   * Credentials were refused before the link was usable: AUTH_FAILED in place of UNREACHABLE or
   * CONNECTED, then backoff. The failure counter goes on, else such a series would never end.
   *
   * @param why the facts
   * @param draw uniform random number, 0..65535
   */
  public Step authRefused(LinkFailure why, int draw) {
    Move move = input("authRefused()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.authRefused(move, why, draw);
      case LISTENER -> move.done();
      case ACCEPTED -> AcceptedRules.disconnectRequested(move);
    };
  }

  /**
   * The attempt failed: UNREACHABLE, then backoff or ALL_RETRIES_FAILED.
   *
   * @param why the facts
   * @param draw uniform random number, 0..65535
   */
  public Step linkFailed(LinkFailure why, int draw) {
    return lost(input("linkFailed()"), why, draw);
  }

  /**
   * The connection ended without an acknowledgement: DISCONNECTED, then the reconnect rules.
   *
   * @param why the facts
   * @param draw uniform random number, 0..65535
   */
  public Step linkClosed(LinkFailure why, int draw) {
    return lost(input("linkClosed()"), why, draw);
  }

  private Step lost(Move move, LinkFailure why, int draw) {
    return switch (profile.role()) {
      case CLIENT -> ClientRules.linkLost(move, why, draw);
      case LISTENER -> phase == Phase.IDLE ? move.die() : move.done();
      case ACCEPTED -> AcceptedRules.linkLost(move, why);
    };
  }

  /**
   * The peer answered for a message; over http that completes the transaction and the connection is
   * given back.
   *
   * @param outcome what it said
   * @param txOrdinal the message, or {@link #NO_MESSAGE}
   */
  public Step acked(Outcome outcome, long txOrdinal) {
    Move move = input("acked()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.acked(move, outcome, txOrdinal);
      case LISTENER, ACCEPTED -> move.done();
    };
  }

  /** The backoff timer fired. */
  public Step retryDue() {
    Move move = input("retryDue()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.retryDue(move);
      case LISTENER, ACCEPTED -> move.done();
    };
  }

  /**
   * User code starts the stream's own timer, in place of one that runs.
   *
   * @param ms the time; 0 takes the policy's {@code timeout_ms}, and if that is 0, nothing happens
   * @throws IllegalArgumentException if it is negative
   */
  public Step timeoutStarted(long ms) {
    if (ms < 0) {
      throw new IllegalArgumentException("timeout of " + ms + " ms");
    }
    Move move = input("startTimeout()");
    long chosen = ms == 0 ? profile.timeoutMs() : ms;
    boolean alive = phase != Phase.NEW && phase != Phase.OVER;
    return alive && chosen > 0 ? move.armTimer(chosen) : move.done();
  }

  /** User code stops the stream's own timer. */
  public Step timeoutCancelled() {
    return input("cancelTimeout()").cancelTimer().done();
  }

  /** The stream's own timer fired: TIMEOUT, in any phase. */
  public Step timeoutFired() {
    return input("timeoutFired()").timerFired();
  }

  /**
   * The rx callback returned. Only DISCONNECT_ME and the destroying results change anything.
   *
   * @param result what it returned
   * @param draw uniform random number, 0..65535
   */
  public Step rxReturned(StreamReturn result, int draw) {
    Move move = input("rx");
    return switch (result) {
      case OK, TX_DONT_SEND -> move.done();
      case DESTROY_ME, HANDLE_DESTROYED -> destroy(move);
      case DISCONNECT_ME ->
          switch (profile.role()) {
            case CLIENT -> ClientRules.rxReturned(move, draw);
            case LISTENER -> move.done();
            case ACCEPTED -> AcceptedRules.disconnectRequested(move);
          };
    };
  }

  /**
   * The tx callback returned. Only DISCONNECT_ME and the destroying results change anything.
   *
   * @param result what it returned
   * @param draw uniform random number, 0..65535
   */
  public Step txReturned(StreamReturn result, int draw) {
    Move move = input("tx");
    return switch (result) {
      case OK, TX_DONT_SEND -> move.done();
      case DESTROY_ME, HANDLE_DESTROYED -> destroy(move);
      case DISCONNECT_ME ->
          switch (profile.role()) {
            case CLIENT -> ClientRules.txReturned(move, draw);
            case LISTENER -> move.done();
            case ACCEPTED -> AcceptedRules.disconnectRequested(move);
          };
    };
  }

  /**
   * The handler's answer to the state delivered last.
   *
   * @param result what it returned; OK if there is no handler
   * @param draw uniform random number, 0..65535
   * @throws BugException if no answer is awaited
   */
  public Step returned(StreamReturn result, int draw) {
    Move move = new Move(this);
    return switch (pending) {
      case NONE -> throw new BugException("no state awaits the answer " + result);
      case LEAVING -> move.destroying();
      case WITHDRAWN -> move.withdrawn();
      case GONE -> move.add(Effect.Bare.RELEASE).done();
      case CREATED,
          POLLED,
          STARTED,
          MAPPED,
          UP,
          FAILED,
          EXHAUSTED,
          ACKNOWLEDGED,
          COMPLETED,
          DROPPED,
          ENDED,
          HELD,
          MOVED,
          TIMED_OUT,
          TRANSACTION,
          UPGRADED ->
          result.destroys() ? move.die() : goOn(move, result, draw);
    };
  }

  private Step goOn(Move move, StreamReturn result, int draw) {
    boolean disconnect = result == StreamReturn.DISCONNECT_ME;
    return switch (profile.role()) {
      case CLIENT -> ClientRules.returned(move, pending, disconnect, draw);
      case LISTENER -> move.done();
      case ACCEPTED -> AcceptedRules.returned(move, pending, result);
    };
  }

  /** A request arrived at an accepted stream: SERVER_TXN. */
  public Step transaction() {
    Move move = input("transaction()");
    return profile.role() == Role.ACCEPTED ? AcceptedRules.transaction(move) : move.done();
  }

  /** The answer of an accepted stream is complete; the next request may come. */
  public Step transactionDone() {
    Move move = input("transactionDone()");
    return profile.role() == Role.ACCEPTED ? AcceptedRules.transactionDone(move) : move.done();
  }

  /** The http connection of an accepted stream became a WebSocket: SERVER_UPGRADE. */
  public Step upgraded() {
    Move move = input("upgraded()");
    return profile.role() == Role.ACCEPTED ? AcceptedRules.upgraded(move) : move.done();
  }

  /**
   * The policy says other things of the stream type, which hold from now on. A client that waits
   * for its next attempt makes it at once, for what failed was another one; so does a nailed-up one
   * that gave up. A link of a client, if there is one, must be {@link #moved} first.
   *
   * @param next the new facts
   */
  public Step policyChanged(LifecycleProfile next) {
    requireNoAnswerDue("policyChanged()");
    Move move = new Move(this, next.in(profile.role()));
    return switch (profile.role()) {
      case CLIENT -> ClientRules.policyChanged(move);
      case LISTENER, ACCEPTED -> move.done();
    };
  }

  /**
   * The link of a client was made from a policy that holds no longer, and is given up for another
   * one: DISCONNECTED, then the next attempt without backoff. A transaction of an opportunistic
   * stream that was answered already is not begun again, and neither is one that must not be sent
   * again.
   *
   * @param why the facts
   */
  public Step moved(LinkFailure why) {
    Move move = input("moved()");
    return switch (profile.role()) {
      case CLIENT -> ClientRules.moved(move, why);
      case LISTENER, ACCEPTED -> move.done();
    };
  }

  /**
   * The stream type is gone from the policy, or may not be opened any more: DISCONNECTED if
   * connected, then DESTROYING, both with the reason. A stream that was not created yet reports
   * CREATING first, so that it can say so.
   *
   * @param why the facts
   */
  public Step withdrawn(LinkFailure why) {
    Move move = input("withdrawn()");
    return phase == Phase.OVER
        ? move.done()
        : move.withdraw(new Failure(why.kind(), 0, false, Duration.ZERO, why.detail()));
  }

  /**
   * User code, its listener or the context destroys the stream: DISCONNECTED if connected, then
   * DESTROYING; neither if nothing was ever reported.
   */
  public Step destroyRequested() {
    return destroy(input("destroy()"));
  }

  private Step destroy(Move move) {
    return phase == Phase.OVER ? move.done() : move.die();
  }

  private Move input(String name) {
    requireNoAnswerDue(name);
    return new Move(this);
  }

  private void requireNoAnswerDue(String name) {
    if (pending != Continuation.NONE) {
      throw new BugException(name + " came while the answer to " + recorded + " is awaited");
    }
  }
}
