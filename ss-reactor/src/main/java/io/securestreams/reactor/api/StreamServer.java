package io.securestreams.reactor.api;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A listener of a stream type with {@code "server": true}. */
public interface StreamServer {

  /** The stream type. */
  String streamType();

  /**
   * The accepted streams.
   *
   * <p><b>Shape</b>: one subscriber; subscribing binds, cancelling closes the listener and all
   * accepted streams. Without demand no connection is accepted. An accepted stream whose events
   * nobody subscribes within 15 s is closed. Completes when the listener was destroyed.
   *
   * <p><b>Errors</b>: a bind failure; an unknown stream type, or one that is no server.
   */
  Flux<AcceptedStream> accepted();

  /** The bound address, as soon as there is one; with the real port for port 0. */
  Mono<SocketAddress> address();

  /** The listener's own states: CREATING, TIMEOUT, DESTROYING; hot, the latest replayed. */
  Flux<StateEvent> states();

  /**
   * The accepted streams that are not over, in the order of their arrival: a snapshot, which
   * clients that come and go do not change. Source: {@code lws_ss_server_foreach_client}.
   */
  List<AcceptedStream> clients();

  /** {@link #broadcast(Publisher, SlowConsumer)} that drops what a slow client has no room for. */
  default Mono<Void> broadcast(Publisher<Payload> messages) {
    return broadcast(messages, SlowConsumer.DROP_LATEST);
  }

  /**
   * Sends messages to every client that holds a session when the message comes: a WebSocket, a raw
   * connection, or the source of a local sink. It begins when the handshake is answered, or the
   * connection accepted, which may be before the application was told CONNECTED and SERVER_UPGRADE;
   * so a client that knows itself to be connected misses nothing, and what is sent to it when it is
   * upgraded need not be its first message. Http clients are left out, for their answers belong to
   * their requests, and so are connections that asked for nothing yet.
   *
   * <p><b>Shape</b>: cold; each subscription subscribes the messages and asks for all of them, so
   * that nobody waits for the slowest: they should come at their own pace. Each client has a queue
   * of its own, which is its {@link SecureStream#tx() tx sink} with that bound, so that what is
   * broadcast and what is sent to it alone keep their order. A message for which a queue has no
   * room reaches Reactor's {@code onDiscard} of the subscriber here, once for each such client, and
   * is counted in the client's {@link TxSink#discarded()}. Completes when the messages end, all
   * being in the queues, and when the listener is destroyed; cancelling leaves clients and queues
   * alone.
   *
   * <p><b>Errors</b>: those of the messages; no client is disturbed by them.
   *
   * @param messages one message each
   * @param slow what becomes of a client whose queue is full
   */
  Mono<Void> broadcast(Publisher<Payload> messages, SlowConsumer slow);

  /**
   * Replaces callbacks of the listener's handler, for streams that are accepted from now on; those
   * that are there keep theirs. Source: {@code lws_ss_change_handlers}.
   *
   * @param rx takes what is received; null keeps what there is
   * @param tx gives what is sent; null keeps what there is
   * @param state is told the states; null keeps what there is
   * @throws IllegalStateException if the accepted streams go to a subscriber
   */
  void changeHandlers(@Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state);

  /**
   * Ends the listener in order: accepts nobody any more, lets requests that came be answered and
   * queued messages go out, and then ends as {@link #destroy()} does. A client without either ends
   * at once; WebSockets are told that the server goes away.
   *
   * <p><b>Shape</b>: starts once subscribed; completes when all is closed, or when the limit has
   * passed and the rest was cut off. Cancelling stops the waiting, and nothing is accepted all the
   * same.
   *
   * @param limit the longest wait; zero cuts off at once
   */
  Mono<Void> closeGracefully(Duration limit);

  /** Closes the listener and all accepted streams: they see DISCONNECTED, DESTROYING. */
  void destroy();
}
