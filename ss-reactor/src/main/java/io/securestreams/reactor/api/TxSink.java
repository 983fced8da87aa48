package io.securestreams.reactor.api;

import io.securestreams.core.event.Payload;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The tx side of a stream: a bounded queue of messages, usable from any thread.
 *
 * <p>An emitted {@link Payload} is one message. Emitting asks for a connection if there is none
 * (request tx), and the message is sent when it stands. A full queue answers {@code FAIL_OVERFLOW},
 * a destroyed stream {@code FAIL_CANCELLED}; {@code FAIL_NON_SERIALIZED} never happens. Completing
 * drains what was accepted and takes nothing more. {@link #asFlux()} is a hot view of the messages
 * that were handed to the connection.
 *
 * <p>Nothing accepted is lost in silence: a message that can no longer be delivered fails its
 * {@code send}, and a bare emission reaches Reactor's {@code onDiscard} of the event subscriber.
 */
public interface TxSink extends Sinks.Many<Payload> {

  /**
   * Sends one message.
   *
   * <p><b>Shape</b>: cold; each subscription sends the message once. Completes on the peer's
   * acknowledgement (http), or when the socket took the bytes (ws, raw).
   *
   * <p><b>Errors</b>: {@link StreamFailedException} if it could not be delivered, or may have been;
   * {@link io.securestreams.core.error.StreamClosedException} after destruction; {@link
   * reactor.core.Exceptions#isOverflow overflow} if the queue is full.
   *
   * @param message the whole message
   */
  Mono<Void> send(Payload message);

  /**
   * Sends one message in pieces, whose total length is not known: as {@link #send(Payload)}. The
   * source is asked for pieces only as fast as the connection takes them.
   *
   * @param pieces the message, in order; an error of it breaks the message off
   */
  Mono<Void> send(Publisher<Payload> pieces);

  /**
   * Sends one message in pieces of a known total length: as {@link #send(Publisher)}.
   *
   * @param pieces the message, in order
   * @param length bytes of all pieces together; another sum fails the message
   */
  Mono<Void> send(Publisher<Payload> pieces, long length);

  /**
   * Sends the parts of one multipart request, the stream type's own first, then those of its {@code
   * rideshare} chain: as {@link #send(Payload)}, once for all. Parts that come in pieces are sent
   * one by one by the other forms; each message is the next part then.
   *
   * <p><b>Errors</b>: also {@link IllegalArgumentException} if the stream type's requests have
   * another number of parts; nothing is sent then.
   *
   * @param parts the payload of each part, in order; for a stream type without {@code rideshare},
   *     one
   */
  Mono<Void> send(List<Payload> parts);

  /**
   * How many bare emissions of this stream were accepted and then given up, and how many payloads
   * of broadcasts it was too full for.
   *
   * @return 0 or more
   */
  long discarded();
}
