package io.securestreams.reactor.api;

/** What becomes of metadata that a response set when the next request of the stream begins. */
public enum ReceivedMetadata {
  /** It stays until a response, or the application, sets it anew, as in the reference. */
  KEPT,
  /** It is unset, so that what is set afterwards is of the next response. */
  CLEARED
}
