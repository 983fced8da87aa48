package io.securestreams.examples.chat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.AcceptedStream;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Who is there; whatever one says goes to all, in one order. Safe from any thread. */
final class ChatRoom {

  private static final int LONGEST_NAME = 32;

  private final Map<AcceptedStream, String> members = new LinkedHashMap<>();
  private final Sinks.Many<Payload> toAll = Sinks.many().unicast().onBackpressureBuffer();

  /** What is told to everybody; one subscriber. */
  Flux<Payload> messages() {
    return toAll.asFlux();
  }

  /**
   * Somebody came.
   *
   * @param client a stream that is a WebSocket now
   * @param wish how they want to be called; they get a number if somebody is called so already
   */
  synchronized void join(AcceptedStream client, String wish) {
    String name = unusedName(wish);
    members.put(client, name);
    // They are among the listener's clients already: all hear of them, themselves behind the
    // welcome.
    client.tx().tryEmitNext(ChatMessage.welcome(name, members.size())).orThrow();
    toAll.tryEmitNext(ChatMessage.came(name, members.size())).orThrow();
  }

  /** Somebody went; nothing happens if they were not there. */
  synchronized void leave(AcceptedStream client) {
    String name = members.remove(client);
    if (name != null) {
      toAll.tryEmitNext(ChatMessage.went(name, members.size())).orThrow();
    }
  }

  /** Somebody says something to all, themselves included. */
  synchronized void say(AcceptedStream client, String text) {
    String name = members.get(client);
    if (name != null && !text.isBlank()) {
      toAll.tryEmitNext(ChatMessage.said(name, text)).orThrow();
    }
  }

  private String unusedName(String wish) {
    String trimmed = wish.strip();
    String name = trimmed.substring(0, Math.min(trimmed.length(), LONGEST_NAME));
    String unused = name.isEmpty() ? "somebody" : name;
    for (int i = 2; members.containsValue(unused); i++) {
      unused = name + " " + i;
    }
    return unused;
  }
}
