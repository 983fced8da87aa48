package io.securestreams.core.policy;

/**
 * How a client goes about its connections, beyond being asked to. Each is a policy key of {@code
 * s[].*}; a server and a local sink keep what was written, to no effect.
 */
public enum Strategy {
  /** The connection may stay closed after it drops: {@code opportunistic}. */
  OPPORTUNISTIC,
  /** Connect as soon as the stream is created: {@code nailed_up}. */
  NAILED_UP,
  /** Carries critical outgoing data: {@code urgent_tx}. Informative. */
  URGENT_TX,
  /** Carries critical incoming data: {@code urgent_rx}. Informative. */
  URGENT_RX,
  /** The response never ends; the request ends after its head: {@code long_poll}. */
  LONG_POLL,
  /** Timers wake a suspended system: {@code swake_validity}. Informative on a JVM. */
  WAKES_SYSTEM,
  /** Timings of each connection are reported: {@code perf}. */
  PERF
}
