package io.securestreams.core.policy;

/** When a stream connects, beyond being asked to. Each is a policy key of {@code s[].*}. */
public enum Strategy {
  /** The connection may stay closed after it drops: {@code opportunistic}. */
  OPPORTUNISTIC,
  /** Connect as soon as the stream is created: {@code nailed_up}. */
  NAILED_UP,
  /** Carries critical outgoing data: {@code urgent_tx}. Informative. */
  URGENT_TX,
  /** Carries critical incoming data: {@code urgent_rx}. Informative. */
  URGENT_RX,
  /** Timers wake a suspended system: {@code swake_validity}. Informative on a JVM. */
  WAKES_SYSTEM
}
