package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Set;

/**
 * What the packets of a stream type ask of the network.
 *
 * @param priority of the socket: 0 normal, 6 highest, 7 network management. Source: {@code
 *     attr_priority}
 * @param service bits of the type of service
 */
public record IpAttributes(int priority, Set<Service> service) {

  /** Nothing asked. */
  public static final IpAttributes NONE = new IpAttributes(0, Set.of());

  /** A bit of the type of service (RFC 1349). Each is a policy key of {@code s[].*}. */
  public enum Service {
    /** Low delay, 0x10: {@code attr_low_latency}. */
    LOW_LATENCY,
    /** Throughput, 0x08: {@code attr_high_throughput}. */
    HIGH_THROUGHPUT,
    /** Reliability, 0x04: {@code attr_high_reliability}. */
    HIGH_RELIABILITY,
    /** Low cost, 0x02: {@code attr_low_cost}. */
    LOW_COST
  }

  /** Copies the bits. */
  public IpAttributes {
    Objects.requireNonNull(service, "service");
    service = Copies.flags(service);
  }
}
