package io.securestreams.core.lifecycle;

/** What the peer said to a message. */
public enum Outcome {
  /** It confirmed: an http success status, an MQTT acknowledgement. */
  ACK,
  /** It refused, or did not confirm in time. */
  NACK
}
