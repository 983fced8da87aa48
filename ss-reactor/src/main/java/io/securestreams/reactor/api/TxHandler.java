package io.securestreams.reactor.api;

import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.StreamHandler.TxBuffer;

/** Gives what a stream sends. Source: the tx callback of {@code lws_ss_info_t}. */
@FunctionalInterface
public interface TxHandler {

  /**
   * The connection can take data, after {@link SecureStream#requestTx()}.
   *
   * @param stream the stream
   * @param ordinal 0 for the first call of the stream, one more for each further call
   * @param buffer takes the piece to send
   * @return {@link StreamReturn#OK} sends the piece, {@link StreamReturn#TX_DONT_SEND} nothing
   */
  StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer);
}
