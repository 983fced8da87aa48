package io.securestreams.core.lifecycle;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StateEvent.Failure;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.Effect.Bare;
import io.securestreams.core.lifecycle.LifecycleProfile.Trait;
import java.time.Duration;

/** The life of an accepted stream: one connection, and no way back. */
final class AcceptedRules {

  private AcceptedRules() {}

  static Step disconnectRequested(Move move) {
    return switch (move.phase) {
      case ATTEMPT, CONNECTED -> move.die();
      case NEW, IDLE, WAIT, OVER -> move.done();
    };
  }

  static Step txRequested(Move move) {
    return switch (move.phase) {
      case ATTEMPT -> {
        move.txWanted = true;
        yield move.done();
      }
      case CONNECTED -> {
        move.txWanted = true;
        yield move.add(Bare.SERVE_TX).done();
      }
      case NEW, IDLE, WAIT, OVER -> move.done();
    };
  }

  static Step linkUp(Move move) {
    return move.phase == Phase.ATTEMPT
        ? move.emit(StateEvent.of(StreamState.CONNECTED), Continuation.UP, Phase.CONNECTED)
        : move.done();
  }

  static Step linkLost(Move move, LinkFailure why) {
    return switch (move.phase) {
      case ATTEMPT, CONNECTED ->
          move.end(
              StateEvent.of(StreamState.DISCONNECTED)
                  .withFailure(new Failure(why.kind(), 0, false, Duration.ZERO, why.detail())));
      case NEW, IDLE, WAIT, OVER -> move.done();
    };
  }

  static Step transaction(Move move) {
    return move.phase == Phase.CONNECTED
        ? move.emit(StreamState.SERVER_TXN, Continuation.TRANSACTION)
        : move.done();
  }

  static Step transactionDone(Move move) {
    if (move.phase != Phase.CONNECTED) {
      return move.done();
    }
    move.txWanted = false;
    return move.cancelTimer().done();
  }

  /** The table knows an upgrade as the first request of a connection only: else it is closed. */
  static Step upgraded(Move move) {
    if (move.phase != Phase.CONNECTED) {
      return move.done();
    }
    return move.recorded.accepts(StreamState.SERVER_UPGRADE)
        ? move.emit(StreamState.SERVER_UPGRADE, Continuation.UPGRADED)
        : move.die();
  }

  /** Before the connection is taken, anything but OK refuses it. */
  static Step returned(Move move, Continuation after, StreamReturn result) {
    boolean untaken = after == Continuation.CREATED || after == Continuation.STARTED;
    if (result == StreamReturn.DISCONNECT_ME || (untaken && result != StreamReturn.OK)) {
      return move.die();
    }
    return switch (after) {
      case CREATED -> move.emit(StreamState.CONNECTING, Continuation.STARTED);
      case STARTED, TIMED_OUT -> move.done();
      case UP -> move.profile.has(Trait.TRANSACTIONAL) ? move.done() : serve(move);
      case TRANSACTION, UPGRADED -> serve(move);
      case NONE,
          POLLED,
          MAPPED,
          FAILED,
          EXHAUSTED,
          ACKNOWLEDGED,
          COMPLETED,
          DROPPED,
          ENDED,
          HELD,
          MOVED,
          LEAVING,
          WITHDRAWN,
          GONE ->
          throw new BugException("an accepted stream does not continue after " + after);
    };
  }

  private static Step serve(Move move) {
    return move.txWanted ? move.add(Bare.SERVE_TX).done() : move.done();
  }
}
