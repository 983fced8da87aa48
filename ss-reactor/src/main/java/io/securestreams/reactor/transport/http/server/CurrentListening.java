package io.securestreams.reactor.transport.http.server;

/** What the next connection of a listener shares with those after it; any thread. */
final class CurrentListening {

  private volatile ServerListening value;

  CurrentListening(ServerListening first) {
    value = first;
  }

  ServerListening get() {
    return value;
  }

  void set(ServerListening next) {
    value = next;
  }
}
