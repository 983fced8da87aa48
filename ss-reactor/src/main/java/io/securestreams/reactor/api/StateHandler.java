package io.securestreams.reactor.api;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;

/** Is told the states of a stream. Source: the state callback of {@code lws_ss_info_t}. */
@FunctionalInterface
public interface StateHandler {

  /**
   * The stream reached a state.
   *
   * @param stream the stream
   * @param event the state and its facts
   */
  StreamReturn state(SecureStream stream, StateEvent event);
}
