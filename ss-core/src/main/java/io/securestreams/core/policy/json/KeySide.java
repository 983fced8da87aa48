package io.securestreams.core.policy.json;

/** Which side of a connection a key is for. */
enum KeySide {
  /** Client and server. */
  BOTH("both"),
  /** Streams that connect. */
  CLIENT("client"),
  /** Streams that listen. */
  SERVER("server");

  private final String shown;

  KeySide(String shown) {
    this.shown = shown;
  }

  /** The side in a word. */
  String shown() {
    return shown;
  }
}
