package io.securestreams.reactor.api;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;

/**
 * The reference's way to use a stream: three callbacks whose results steer it.
 *
 * <p>Callbacks of one stream never overlap and must not block. For accepted streams the first
 * argument is an {@link AcceptedStream}. An exception is logged and treated as {@link
 * StreamReturn#DESTROY_ME}. Source: {@code lws_ss_info_t}.
 */
public interface StreamHandler {

  /**
   * The stream reached a state.
   *
   * @param stream the stream
   * @param event the state and its facts
   */
  default StreamReturn state(SecureStream stream, StateEvent event) {
    return StreamReturn.OK;
  }

  /**
   * A piece of a message was received. There is no back-pressure: the piece must be taken.
   *
   * @param stream the stream
   * @param payload the bytes, possibly none
   * @param flags where in its message the piece stands
   */
  default StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
    return StreamReturn.OK;
  }

  /**
   * The connection can take data, after {@link SecureStream#requestTx()}.
   *
   * @param stream the stream
   * @param ordinal 0 for the first call of the stream, one more for each further call
   * @param buffer takes the piece to send
   * @return {@link StreamReturn#OK} sends the piece, {@link StreamReturn#TX_DONT_SEND} nothing
   */
  default StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
    return StreamReturn.TX_DONT_SEND;
  }

  /** Takes one piece from a tx callback. */
  interface TxBuffer {

    /** The most bytes that a piece should have; larger ones are taken too. */
    int capacity();

    /**
     * Gives the piece; a second call replaces the first.
     *
     * @param payload the bytes, possibly none
     * @param flags SOM on the first piece of a message, EOM on the last; ignored for raw
     */
    void write(Payload payload, MessageFlags flags);
  }
}
