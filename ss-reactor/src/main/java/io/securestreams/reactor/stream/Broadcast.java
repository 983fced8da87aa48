package io.securestreams.reactor.stream;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SlowConsumer;
import java.util.List;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** Puts what one publisher gives into the tx sinks of all clients that hold a session. */
final class Broadcast {

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private final Supplier<List<ServedStream>> clients;
  private final SlowConsumer rule;

  /**
   * A broadcast that has not begun.
   *
   * @param clients who is there now
   * @param rule for those whose sink is full
   */
  Broadcast(Supplier<List<ServedStream>> clients, SlowConsumer rule) {
    this.clients = clients;
    this.rule = rule;
  }

  /**
   * Subscribes the payloads once subscribed itself.
   *
   * @param payloads whole messages
   * @param end stops it when it completes
   */
  Mono<Void> of(Publisher<Payload> payloads, Publisher<?> end) {
    return Mono.deferContextual(
        view -> {
          Context context = Context.of(view);
          return Flux.from(payloads)
              .takeUntilOther(end)
              // Not doOnNext: then() would tell of each message that it was discarded.
              .<Void>handle(
                  (payload, nothing) -> clients.get().forEach(one -> hand(payload, one, context)))
              .then();
        });
  }

  private void hand(Payload payload, ServedStream client, Context context) {
    if (!client.isOpen() || client.tx().tryEmitNext(payload) != Sinks.EmitResult.FAIL_OVERFLOW) {
      return;
    }
    client.queue().missed(payload, context);
    if (rule == SlowConsumer.DISCONNECT) {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", client.streamType())
          .addKeyValue("peer", client.peer().orElse("?"))
          .log("A client is too slow for a broadcast; it is disconnected");
      client.destroy();
    }
  }
}
