package io.securestreams.reactor.api;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamReturn;

/** Takes what a stream receives. Source: the rx callback of {@code lws_ss_info_t}. */
@FunctionalInterface
public interface RxHandler {

  /**
   * A piece of a message was received. There is no back-pressure: the piece must be taken.
   *
   * @param stream the stream
   * @param payload the bytes, possibly none
   * @param flags where in its message the piece stands
   */
  StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags);
}
