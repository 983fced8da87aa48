package io.securestreams.examples.chat;

import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SlowConsumer;
import io.securestreams.reactor.api.StreamServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Gives the page to those who ask for it, and lets those who upgrade into the room. */
final class ChatServer {

  private static final int LONGEST_MESSAGE = 4096;

  private final ChatPage page = new ChatPage();
  private final ChatRoom room = new ChatRoom();

  /**
   * Serves until it is cancelled.
   *
   * @param server a listener that speaks http and WebSocket
   */
  Mono<Void> serve(StreamServer server) {
    Flux<Void> clients = server.accepted().flatMap(this::serve, Integer.MAX_VALUE);
    // Who reads too slowly is parted from, and may come back.
    return clients.mergeWith(server.broadcast(room.messages(), SlowConsumer.DISCONNECT)).then();
  }

  private Mono<Void> serve(AcceptedStream client) {
    Visitor visitor = new Visitor(client);
    return client.events().doOnNext(visitor::see).then();
  }

  /** One connection: of a browser that loads the page, or of a member. */
  private final class Visitor {

    private final AcceptedStream client;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    Visitor(AcceptedStream client) {
      this.client = client;
    }

    void see(StreamEvent event) {
      if (event instanceof StateEvent state) {
        see(state.state());
      } else if (event instanceof PayloadEvent rx) {
        see(rx);
      }
    }

    private void see(StreamState state) {
      if (state == StreamState.SERVER_TXN) {
        page.answer(client);
      } else if (state == StreamState.SERVER_UPGRADE) {
        room.join(client, client.metadata("name").orElse(""));
      } else if (state == StreamState.DISCONNECTED) {
        room.leave(client);
      }
    }

    private void see(PayloadEvent rx) {
      message.writeBytes(rx.payload().bytes());
      if (message.size() > LONGEST_MESSAGE) {
        client.disconnect();
      } else if (rx.flags().eom()) {
        room.say(client, message.toString(StandardCharsets.UTF_8));
        message.reset();
      }
    }
  }
}
