package io.securestreams.tool;

import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import java.util.List;
import java.util.Optional;

/** Decides, event by event, whether {@code connect} has come to its end, and to which. */
final class EndWatch {

  private final List<Until> untils;
  private long messagesToSend;
  private int payloads;
  private boolean idle;
  private volatile boolean up;

  /**
   * Starts to watch.
   *
   * @param untils the ends asked for; empty means that the stream goes idle
   * @param messagesToSend messages that must go out before idle is an end
   */
  EndWatch(List<Until> untils, int messagesToSend) {
    this.untils = List.copyOf(untils);
    this.messagesToSend = messagesToSend;
  }

  /** Takes note of what happened; tells the ending if this was it. */
  Optional<Ending> see(Happening happening) {
    if (happening instanceof Happening.Seen seen) {
      return see(seen.event());
    }
    messagesToSend--;
    return idleEnd();
  }

  private Optional<Ending> see(StreamEvent event) {
    if (event instanceof PayloadEvent rx && !rx.payload().isEmpty()) {
      payloads++;
    }
    if (untils.stream().anyMatch(until -> isReached(until, event))) {
      return Optional.of(Ending.REACHED);
    }
    return event instanceof StateEvent state ? see(state) : Optional.empty();
  }

  private boolean isReached(Until until, StreamEvent event) {
    if (until instanceof Until.State wanted) {
      return event instanceof StateEvent state && state.code() == wanted.code();
    }
    if (until instanceof Until.Payloads wanted) {
      return payloads >= wanted.count();
    }
    return event instanceof PayloadEvent rx && rx.flags().eom();
  }

  private Optional<Ending> see(StateEvent event) {
    StreamState state = event.state();
    switch (state) {
      case CONNECTED -> up = true;
      case POLL, CONNECTING -> idle = false;
      case UNREACHABLE, DESTROYING -> up = false;
      case DISCONNECTED -> {
        up = false;
        idle = !event.willRetry();
      }
      case ALL_RETRIES_FAILED -> {
        return Optional.of(Ending.RETRIES_FAILED);
      }
      case QOS_NACK_REMOTE -> {
        return Optional.of(Ending.REFUSED);
      }
      default -> {
        // Says nothing about the end.
      }
    }
    return idleEnd();
  }

  /** Sent messages may be told a little later than the states around them. */
  private Optional<Ending> idleEnd() {
    return idle && messagesToSend <= 0 && untils.isEmpty()
        ? Optional.of(Ending.REACHED)
        : Optional.empty();
  }

  /**
   * The ending when time runs out.
   *
   * @param limit whether the user asked for this time
   */
  Ending timeIsUp(Limit limit) {
    return limit == Limit.ASKED_FOR && untils.isEmpty() && up ? Ending.REACHED : Ending.OUT_OF_TIME;
  }

  /** Where the time limit comes from. */
  enum Limit {
    /** An explicit {@code --for}. */
    ASKED_FOR,
    /** Nobody said anything. */
    USUAL
  }
}
