package io.securestreams.reactor.transport.server;

/** What the next connection of a listener shares with those after it; any thread. */
final class CurrentListening {

  private volatile Listening value;

  CurrentListening(Listening first) {
    value = first;
  }

  Listening get() {
    return value;
  }

  /** Puts another one in force; the one before has to leave. */
  synchronized void replace(Listening next) {
    Listening before = value;
    value = next;
    before.speaker().leave();
  }
}
