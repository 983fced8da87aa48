package io.securestreams.reactor.netty;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;

/** Is told that a dial ended without a connection, and how long it took in any case. */
interface DialCaller {

  /**
   * How long it took, told right before the end.
   *
   * @param timings of what was done
   */
  default void timed(ConnectionTimings timings) {}

  /**
   * There is no connection, and nothing of ours was sent over one.
   *
   * @param cause what failed
   */
  void failed(LinkException cause);
}
