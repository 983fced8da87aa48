package io.securestreams.reactor.api;

/** What a broadcast does about a client whose tx sink is full. */
public enum SlowConsumer {
  /** It misses what is broadcast now; what waits for it already is still sent. */
  DROP_LATEST,
  /** Its stream is destroyed, and what waits for it is given up. */
  DISCONNECT
}
