package io.securestreams.reactor.stream;

import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.TxHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for a stream; accepted streams share those of their listener until they get others.
 *
 * @param rx takes what is received
 * @param tx gives what is sent
 * @param state is told the states
 */
record Callbacks(RxHandler rx, TxHandler tx, StateHandler state) {

  /** Checks the components. */
  Callbacks {
    Objects.requireNonNull(rx, "rx");
    Objects.requireNonNull(tx, "tx");
    Objects.requireNonNull(state, "state");
  }

  /** All three of one handler. */
  static Callbacks of(StreamHandler handler) {
    return new Callbacks(handler, handler, handler);
  }

  /** The same but for those that are given. */
  Callbacks with(
      @Nullable RxHandler otherRx, @Nullable TxHandler otherTx, @Nullable StateHandler otherState) {
    return new Callbacks(
        otherRx == null ? rx : otherRx,
        otherTx == null ? tx : otherTx,
        otherState == null ? state : otherState);
  }
}
