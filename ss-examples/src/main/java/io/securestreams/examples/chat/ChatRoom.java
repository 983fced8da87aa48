package io.securestreams.examples.chat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.AcceptedStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who is there; whatever one says goes to all, in one order. Safe from any thread. */
final class ChatRoom {

  private static final int LONGEST_NAME = 32;

  private final Map<AcceptedStream, String> members = new LinkedHashMap<>();

  /**
   * Somebody came.
   *
   * @param client a stream that is a WebSocket now
   * @param wish how they want to be called; they get a number if somebody is called so already
   */
  synchronized void join(AcceptedStream client, String wish) {
    String name = unusedName(wish);
    tellAll(ChatMessage.came(name, members.size() + 1));
    members.put(client, name);
    tell(client, ChatMessage.welcome(name, members.size()));
  }

  /** Somebody went; nothing happens if they were not there. */
  synchronized void leave(AcceptedStream client) {
    String name = members.remove(client);
    if (name != null) {
      tellAll(ChatMessage.went(name, members.size()));
    }
  }

  /** Somebody says something to all, themselves included. */
  synchronized void say(AcceptedStream client, String text) {
    String name = members.get(client);
    if (name != null && !text.isBlank()) {
      tellAll(ChatMessage.said(name, text));
    }
  }

  private void tellAll(Payload message) {
    for (AcceptedStream client : members.keySet().toArray(AcceptedStream[]::new)) {
      tell(client, message);
    }
  }

  /** A client's queue is bounded: who reads too slowly is parted from, and may come back. */
  private static void tell(AcceptedStream client, Payload message) {
    if (client.tx().tryEmitNext(message).isFailure()) {
      client.disconnect();
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
