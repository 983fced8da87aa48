package io.securestreams.reactor.api;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A stream of a stream type: it outlives its connections and gives payload and states.
 *
 * <p>Nothing happens until {@link #events()} is subscribed. Every method is safe from any thread,
 * also from inside a signal of the stream, and never blocks; what is asked for from inside a signal
 * happens after the signal was handled. Source: {@code lws_ss_handle}.
 */
public interface SecureStream {

  /** The stream type. */
  String streamType();

  /**
   * Payload, states and metadata in one order.
   *
   * <p><b>Shape</b>: one subscriber; subscribing creates the stream (CREATING, then the {@code
   * nailed_up} attempt). Completes after DESTROYING. Cancelling destroys the stream. Demand gates
   * reading from the connection; at most 64 states wait beyond it. Signals come on the thread that
   * caused them: the caller's, the transport's event loop or the scheduler's; never two at a time.
   *
   * <p><b>Errors</b>: only misuse: a second subscriber, an unknown stream type, a stream type that
   * this version must not open. Connection trouble is a state.
   */
  Flux<StreamEvent> events();

  /**
   * The states alone.
   *
   * <p><b>Shape</b>: hot, the latest replayed, any number of subscribers; slow ones miss states
   * rather than slow the stream down. Subscribing creates nothing. Completes after DESTROYING.
   */
  Flux<StateEvent> states();

  /**
   * The stream type whose payload is to be given now. While a multipart request with {@code
   * rideshare} is sent, that is the stream type of its current part; else the stream's own. Source:
   * {@code lws_ss_rideshare}.
   */
  default String rideshare() {
    return streamType();
  }

  /** The tx side; always the same object. */
  TxSink tx();

  /** The policy's label for what the payload is; its meaning is the application's. */
  Optional<String> payloadFormat();

  /**
   * Sets a metadata value, used from the next attempt on. If the policy says {@code
   * direct_proto_str}, the name of any header, with or without a colon, sets that header.
   *
   * @param name a declared name
   * @param value the value, verbatim; null unsets it
   * @return this
   * @throws io.securestreams.core.error.MetadataException if the stream type does not declare the
   *     name
   */
  SecureStream metadata(String name, @Nullable String value);

  /**
   * Sets a metadata value that is asked for at every attempt.
   *
   * @param name a declared name
   * @param value asked at every attempt; must not block. A failure, or null, fails the attempt
   * @return this
   * @throws io.securestreams.core.error.MetadataException if the stream type does not declare the
   *     name
   */
  SecureStream metadata(String name, Supplier<String> value);

  /**
   * Sets a metadata value that is subscribed to at every attempt.
   *
   * @param name a declared name
   * @param value subscribed at every attempt; an empty one leaves the name unset, an error fails
   *     the attempt
   * @return this
   * @throws io.securestreams.core.error.MetadataException if the stream type does not declare the
   *     name
   */
  SecureStream metadata(String name, Mono<String> value);

  /**
   * The current value: what was set, or what the last response delivered. If the policy says {@code
   * direct_proto_str}, the name of any header, with or without a colon, reads that header of the
   * last response, until the next request begins.
   *
   * @param name a declared name
   * @return empty if there is none, or if it is asked for at every attempt
   * @throws io.securestreams.core.error.MetadataException if the stream type does not declare the
   *     name
   */
  Optional<String> metadata(String name);

  /**
   * Asks for a connection. While one exists or is being made this has no effect; during a backoff
   * the attempt starts at once and the retry counter returns to 0. Source: {@code
   * lws_ss_client_connect}.
   */
  void connect();

  /**
   * Closes the connection, or ends the attempt or the backoff, and stays idle until {@link
   * #connect()} or tx.
   */
  void disconnect();

  /**
   * Asks that the tx callback of a {@link StreamHandler} runs when the connection can take data;
   * idle streams connect for it. Source: {@code lws_ss_request_tx}.
   */
  void requestTx();

  /**
   * {@link #requestTx()} with the length of what will be sent. Source: {@code
   * lws_ss_request_tx_len}.
   *
   * @param length bytes of the next message, 0 or more
   */
  void requestTxLen(long length);

  /**
   * Confirms that the peer was seen to be there, by means that only the application understands:
   * the wait for the next ping begins anew. Does nothing without a connection, and where validity
   * is not checked. Source: {@code lws_validity_confirmed}.
   */
  void validityConfirmed();

  /**
   * Takes the peer's credit into the application's hands, from the next connection on: over h2 the
   * peer may send so many bytes of a response's body, and more only after {@link #addPeerTxCredit}.
   * Other protocols take no notice. Source: {@code manual_initial_tx_credit}.
   *
   * @param initial bytes granted at the beginning of every response, 1 or more
   * @return this
   */
  SecureStream manualTxCredit(long initial);

  /**
   * Grants the peer more bytes of the current response. Does nothing without a connection or over a
   * protocol without such credit. Source: {@code lws_ss_add_peer_tx_credit}.
   *
   * @param bytes how many more; nothing happens unless it is 1 or more
   */
  void addPeerTxCredit(long bytes);

  /**
   * How much of the current response the peer may still send, as far as is known here. Source:
   * {@code lws_ss_get_est_peer_tx_credit}.
   *
   * @return bytes granted and not received, below zero if the peer sent more than it might; 0
   *     without a connection and over a protocol without such credit
   */
  long estimatedPeerTxCredit();

  /**
   * Starts, or starts again, the stream's timer; TIMEOUT is reported once when it ends. Source:
   * {@code lws_ss_start_timeout}.
   *
   * @param timeout how long; zero takes the policy's {@code timeout_ms}, and does nothing if that
   *     is 0
   */
  void startTimeout(Duration timeout);

  /** Stops the stream's timer. */
  void cancelTimeout();

  /**
   * Replaces callbacks of a stream that has a handler, from the next call of each on: for example
   * when an accepted connection became a WebSocket. Source: {@code lws_ss_change_handlers}.
   *
   * @param rx takes what is received from now on; null keeps what there is
   * @param tx gives what is sent from now on; null keeps what there is
   * @param state is told the states from now on; null keeps what there is
   * @throws IllegalStateException if the stream's events are subscribed, or to be subscribed
   */
  void changeHandlers(@Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state);

  /**
   * Ends the stream: DISCONNECTED if it was connected, then DESTROYING. Destroying twice is
   * harmless.
   */
  void destroy();
}
