package io.securestreams.core.plan;

import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.SocksProxy;
import java.util.Objects;
import java.util.Optional;

/**
 * How the packets of a connection get to its address.
 *
 * @param proxy what is connected through; empty means directly
 * @param attributes what the packets ask of the network
 */
public record Route(Optional<SocksProxy> proxy, IpAttributes attributes) {

  /** No proxy and nothing asked. */
  public static final Route DIRECT = new Route(Optional.empty(), IpAttributes.NONE);

  /** Checks the components. */
  public Route {
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(attributes, "attributes");
  }
}
