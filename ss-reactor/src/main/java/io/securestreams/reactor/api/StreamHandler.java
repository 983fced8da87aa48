package io.securestreams.reactor.api;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;

/**
 * The reference's way to use a stream: three callbacks whose results steer it, any of which may be
 * replaced later, see {@link SecureStream#changeHandlers}.
 *
 * <p>Callbacks of one stream never overlap and must not block. For accepted streams the first
 * argument is an {@link AcceptedStream}. An exception is logged and treated as {@link
 * StreamReturn#DESTROY_ME}; an http client whose answer did not begin is told status 500, and the
 * peer of a WebSocket, be it client or server, code 1011. Source: {@code lws_ss_info_t}; RFC 6455,
 * 7.4.1.
 */
public interface StreamHandler extends StateHandler, RxHandler, TxHandler {

  /** {@inheritDoc} Unless overridden, every state is fine. */
  @Override
  default StreamReturn state(SecureStream stream, StateEvent event) {
    return StreamReturn.OK;
  }

  /** {@inheritDoc} Unless overridden, the piece is forgotten. */
  @Override
  default StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
    return StreamReturn.OK;
  }

  /** {@inheritDoc} Unless overridden, nothing is sent. */
  @Override
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
