package io.securestreams.core.policy.json;

import io.securestreams.core.error.Quoted;

/**
 * What of a policy something is about that does not stand in the text: an overlay's text only has
 * what changes.
 *
 * @param streamType name of the stream type; empty if it is about the text itself
 * @param key the member that is inherited; empty if it is about the stream type as a whole
 */
record Origin(String streamType, String key) {

  /** The text itself. */
  static final Origin TEXT = new Origin("", "");

  /** True for the text itself. */
  boolean isText() {
    return streamType.isEmpty() && key.isEmpty();
  }

  /** What to say before a message, so that it can be understood at a place. */
  String at(JsonPath path) {
    String member = key.isEmpty() ? "" : "inherited '" + key + "': ";
    boolean elsewhere = !streamType.isEmpty() && path.equals(JsonPath.ROOT);
    return elsewhere ? "streamtype " + Quoted.name(streamType) + ": " + member : member;
  }
}
