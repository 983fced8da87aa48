package io.securestreams.core.policy.json;

/** Which side of a connection a key is for. */
enum KeySide {
  /** Client and server. */
  BOTH,
  /** Streams that connect. */
  CLIENT,
  /** Streams that listen. */
  SERVER
}
