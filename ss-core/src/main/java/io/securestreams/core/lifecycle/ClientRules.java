package io.securestreams.core.lifecycle;

import io.securestreams.core.error.BugException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StateEvent.Failure;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.Effect.Bare;
import io.securestreams.core.lifecycle.LifecycleProfile.Trait;
import io.securestreams.core.lifecycle.LinkFailure.Resend;
import io.securestreams.core.retry.Backoff;
import java.time.Duration;
import java.util.Optional;

/** The life of a client: attempts in series, backoff between them, connections after them. */
final class ClientRules {

  private static final LinkFailure CLOSED_BY_HANDLER =
      LinkFailure.of(FailureKind.CLOSED, "closed by the stream's own handler");
  private static final LinkFailure CLOSED_BY_TIMER =
      LinkFailure.of(FailureKind.TIMEOUT, "closed when the stream's own timer expired");

  private ClientRules() {}

  static Step connectRequested(Move move) {
    return switch (move.phase) {
      case NEW, ATTEMPT, CONNECTED, OVER -> move.done();
      case IDLE, WAIT -> {
        if (move.phase == Phase.WAIT) {
          move.add(Bare.CANCEL_RETRY);
          move.phase = Phase.IDLE;
        }
        move.failures = 0;
        yield move.emit(StreamState.CONNECTING, Continuation.STARTED);
      }
    };
  }

  static Step disconnectRequested(Move move) {
    return switch (move.phase) {
      case NEW, IDLE, OVER -> move.done();
      case WAIT -> {
        move.phase = Phase.IDLE;
        yield move.add(Bare.CANCEL_RETRY).done();
      }
      case ATTEMPT, CONNECTED -> {
        move.add(Bare.CLOSE_LINK).cancelTimer();
        yield move.emit(StateEvent.of(StreamState.DISCONNECTED), Continuation.HELD, Phase.IDLE);
      }
    };
  }

  static Step txRequested(Move move) {
    return switch (move.phase) {
      case NEW, OVER -> move.done();
      case IDLE -> {
        move.txWanted = true;
        yield start(move);
      }
      case WAIT -> {
        move.txWanted = true;
        yield move.done();
      }
      case ATTEMPT -> {
        move.txWanted = true;
        yield isTransactional(move) ? move.add(Bare.SERVE_TX).done() : move.done();
      }
      case CONNECTED -> {
        move.txWanted = true;
        yield move.add(Bare.SERVE_TX).done();
      }
    };
  }

  static Step retryDue(Move move) {
    return move.phase == Phase.WAIT ? start(move) : move.done();
  }

  static Step linkUp(Move move, int userState) {
    if (move.phase != Phase.ATTEMPT) {
      return move.done();
    }
    move.failures = 0;
    move.lastFailure = Optional.empty();
    if (userState == 0) {
      return connected(move);
    }
    return move.emit(StateEvent.user(userState), Continuation.MAPPED, Phase.ATTEMPT);
  }

  static Step authRefused(Move move, LinkFailure why, int draw) {
    return switch (move.phase) {
      case NEW, IDLE, WAIT, OVER -> move.done();
      case ATTEMPT -> failAttempt(move.add(Bare.CLOSE_LINK), StreamState.AUTH_FAILED, why, draw);
      case CONNECTED -> close(move, why, draw);
    };
  }

  /** The link is gone: an attempt failed or a connection ended, whichever it was. */
  static Step linkLost(Move move, LinkFailure why, int draw) {
    return switch (move.phase) {
      case NEW, IDLE, WAIT, OVER -> move.done();
      case ATTEMPT -> failAttempt(move, StreamState.UNREACHABLE, why, draw);
      case CONNECTED -> {
        // A session that drops under an unserved request is in use, so even an opportunistic one
        // comes back, but through the backoff.
        boolean inUse = move.txWanted && !isTransactional(move);
        yield drop(move, why, inUse || move.profile.has(Trait.RECONNECTS), draw);
      }
    };
  }

  /** The facts are new already; what waits because of the old ones waits no longer. */
  static Step policyChanged(Move move) {
    return switch (move.phase) {
      case NEW, ATTEMPT, CONNECTED, OVER -> move.done();
      case IDLE -> gaveUp(move) ? restart(move) : move.done();
      case WAIT -> restart(move.add(Bare.CANCEL_RETRY));
    };
  }

  /** A stream that is to be connected without being asked, and whose last series failed. */
  private static boolean gaveUp(Move move) {
    return move.profile.has(Trait.NAILED_UP)
        && move.recorded.state().filter(StreamState.ALL_RETRIES_FAILED::equals).isPresent();
  }

  private static Step restart(Move move) {
    move.failures = 0;
    return start(move);
  }

  /**
   * A link in use is given up for another one. What an opportunistic transaction was, is over; so
   * is one that may have had its effect.
   */
  static Step moved(Move move, LinkFailure why) {
    return switch (move.phase) {
      case NEW, IDLE, WAIT, OVER -> move.done();
      case ATTEMPT ->
          move(
              move, why, !isTransactional(move) || move.txWanted || why.resend() == Resend.ALLOWED);
      case CONNECTED ->
          move(
              move,
              why,
              !isTransactional(move) || move.txWanted || move.profile.has(Trait.RECONNECTS));
    };
  }

  private static Step move(Move move, LinkFailure why, boolean comesBack) {
    move.add(Bare.CLOSE_LINK);
    if (!isTransactional(move) || !comesBack) {
      move.cancelTimer();
    }
    Failure failure = new Failure(why.kind(), 0, comesBack, Duration.ZERO, why.detail());
    move.failures = 0;
    move.lastFailure = Optional.of(failure);
    return move.emit(
        StateEvent.of(StreamState.DISCONNECTED).withFailure(failure),
        comesBack ? Continuation.MOVED : Continuation.ENDED,
        Phase.IDLE);
  }

  static Step acked(Move move, Outcome outcome, long txOrdinal) {
    if (move.phase != Phase.CONNECTED) {
      return move.done();
    }
    StateEvent event =
        StateEvent.of(
            switch (outcome) {
              case ACK -> StreamState.QOS_ACK_REMOTE;
              case NACK -> StreamState.QOS_NACK_REMOTE;
            });
    move.cancelTimer();
    return move.emit(
        txOrdinal < 0 ? event : event.withTxOrdinal(txOrdinal),
        isTransactional(move) ? Continuation.COMPLETED : Continuation.ACKNOWLEDGED,
        Phase.CONNECTED);
  }

  static Step rxReturned(Move move, int draw) {
    // Before CONNECTED only performance data is received; it never closes anything.
    return move.phase == Phase.CONNECTED ? close(move, CLOSED_BY_HANDLER, draw) : move.done();
  }

  static Step txReturned(Move move, int draw) {
    return close(move, CLOSED_BY_HANDLER, draw);
  }

  static Step returned(Move move, Continuation after, boolean disconnect, int draw) {
    return switch (after) {
      case CREATED ->
          move.profile.has(Trait.NAILED_UP)
              ? move.emit(StreamState.CONNECTING, Continuation.STARTED)
              : move.done();
      case POLLED ->
          disconnect ? move.done() : move.emit(StreamState.CONNECTING, Continuation.STARTED);
      case STARTED -> disconnect ? refuseAttempt(move, draw) : open(move);
      case MAPPED -> disconnect ? close(move, CLOSED_BY_HANDLER, draw) : connected(move);
      case UP -> disconnect ? close(move, CLOSED_BY_HANDLER, draw) : serveSession(move);
      case FAILED -> afterFailure(move, disconnect);
      case EXHAUSTED, HELD -> move.done();
      case ACKNOWLEDGED -> disconnect ? close(move, CLOSED_BY_HANDLER, draw) : move.done();
      case COMPLETED ->
          move.add(Bare.CLOSE_LINK)
              .emit(StateEvent.of(StreamState.DISCONNECTED), Continuation.ENDED, Phase.IDLE);
      case DROPPED -> disconnect ? move.done() : awaitRetry(move);
      case MOVED -> disconnect ? move.done() : start(move);
      case ENDED -> move.txWanted && !disconnect ? start(move) : move.done();
      case TIMED_OUT -> disconnect ? close(move, CLOSED_BY_TIMER, draw) : move.done();
      case NONE, TRANSACTION, UPGRADED, LEAVING, WITHDRAWN, GONE ->
          throw new BugException("a client does not continue after " + after);
    };
  }

  /** An attempt that tx or a retry asked for; POLL is left out where the table forbids it. */
  private static Step start(Move move) {
    move.phase = Phase.IDLE;
    return move.recorded.accepts(StreamState.POLL)
        ? move.emit(StreamState.POLL, Continuation.POLLED)
        : move.emit(StreamState.CONNECTING, Continuation.STARTED);
  }

  private static Step open(Move move) {
    move.phase = Phase.ATTEMPT;
    move.add(Bare.OPEN_LINK);
    return move.txWanted && isTransactional(move) ? move.add(Bare.SERVE_TX).done() : move.done();
  }

  private static Step connected(Move move) {
    return move.emit(StateEvent.of(StreamState.CONNECTED), Continuation.UP, Phase.CONNECTED);
  }

  private static Step serveSession(Move move) {
    return move.txWanted && !isTransactional(move) ? move.add(Bare.SERVE_TX).done() : move.done();
  }

  /** The handler wants the link closed, whatever it carries now. */
  private static Step close(Move move, LinkFailure why, int draw) {
    return switch (move.phase) {
      case NEW, IDLE, WAIT, OVER -> move.done();
      case ATTEMPT -> failAttempt(move.add(Bare.CLOSE_LINK), StreamState.UNREACHABLE, why, draw);
      case CONNECTED ->
          drop(move.add(Bare.CLOSE_LINK), why, move.profile.has(Trait.RECONNECTS), draw);
    };
  }

  private static Step failAttempt(Move move, StreamState state, LinkFailure why, int draw) {
    Failure failure = countFailure(move, why, draw);
    StateEvent event = StateEvent.of(state).withFailure(failure);
    return move.emit(
        state == StreamState.UNREACHABLE ? event.withOrdinal(why.ordinal()) : event,
        Continuation.FAILED,
        Phase.IDLE);
  }

  /** CONNECTING was answered with DISCONNECT_ME: a failed attempt, but nobody was unreachable. */
  private static Step refuseAttempt(Move move, int draw) {
    return countFailure(move, CLOSED_BY_HANDLER, draw).willRetry()
        ? awaitRetry(move)
        : exhausted(move);
  }

  /** DISCONNECT_ME gives up a planned retry; a series that ended by itself is still reported. */
  private static Step afterFailure(Move move, boolean disconnect) {
    boolean willRetry = move.lastFailure.map(Failure::willRetry).orElse(false);
    if (!willRetry) {
      return exhausted(move);
    }
    return disconnect ? move.done() : awaitRetry(move);
  }

  private static Step exhausted(Move move) {
    move.txWanted = false;
    StateEvent event = StateEvent.of(StreamState.ALL_RETRIES_FAILED);
    return move.emit(
        move.lastFailure.map(event::withFailure).orElse(event), Continuation.EXHAUSTED, Phase.IDLE);
  }

  private static Step awaitRetry(Move move) {
    long delayMs = move.lastFailure.map(Failure::nextDelay).orElse(Duration.ZERO).toMillis();
    move.phase = Phase.WAIT;
    return move.add(new Effect.ScheduleRetry(delayMs)).done();
  }

  /** DISCONNECTED, and what the policy makes of it. */
  private static Step drop(Move move, LinkFailure why, boolean comesBack, int draw) {
    Failure failure =
        comesBack
            ? countFailure(move, why, draw)
            : new Failure(why.kind(), 0, false, Duration.ZERO, why.detail());
    move.lastFailure = Optional.of(failure);
    boolean transactional = isTransactional(move);
    if (!transactional || !failure.willRetry()) {
      move.cancelTimer();
    }
    Continuation idle = transactional ? Continuation.ENDED : Continuation.HELD;
    return move.emit(
        StateEvent.of(StreamState.DISCONNECTED).withFailure(failure),
        failure.willRetry() ? Continuation.DROPPED : idle,
        Phase.IDLE);
  }

  /** Asks the backoff, and remembers what it said. */
  private static Failure countFailure(Move move, LinkFailure why, int draw) {
    Backoff.Decision decision =
        move.profile.backoff().fail(move.failures, draw, why.retryAfterMs());
    boolean retry = decision.retry() && why.resend() == Resend.ALLOWED;
    Duration delay = retry ? Duration.ofMillis(decision.delayMs()) : Duration.ZERO;
    Failure failure = new Failure(why.kind(), decision.failures(), retry, delay, why.detail());
    move.failures = decision.failures();
    move.lastFailure = Optional.of(failure);
    return failure;
  }

  private static boolean isTransactional(Move move) {
    return move.profile.has(Trait.TRANSACTIONAL);
  }
}
