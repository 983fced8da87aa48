package io.securestreams.core.policy;

/** What creating a stream of a type does. */
public enum Side {
  /** Connects to a peer. */
  CLIENT,
  /** Opens a listener. Source: policy key {@code s[].*.server}. */
  SERVER,
  /** Joins a sink in this process. Source: policy key {@code s[].*.local_sink}. */
  LOCAL_SINK
}
