package io.securestreams.core.plan;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a connection goes. Only connections to equal targets may be shared.
 *
 * @param address of the peer
 * @param tls present exactly if TLS is required
 * @param route how to get there
 */
public record Target(Address address, Optional<TlsPlan> tls, Route route) {

  /** Checks the components. */
  public Target {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(route, "route");
  }

  /**
   * A host and a port, connected to directly.
   *
   * @param host name or address literal, without brackets
   * @param port 1..65535
   * @param tls present exactly if TLS is required
   */
  public Target(String host, int port, Optional<TlsPlan> tls) {
    this(new Address.Network(host, port), tls, Route.DIRECT);
  }

  /** What the peer is called: in {@code Host}, for SNI and when its certificate is verified. */
  public String host() {
    return address.host();
  }

  /** Port of the peer; 0 if its address has none. */
  public int port() {
    return address instanceof Address.Network network ? network.port() : 0;
  }

  /**
   * Host and port as in a URL, without a port that the scheme implies. Source: RFC 9110 section
   * 7.2.
   */
  public String authority() {
    String host = host().indexOf(':') >= 0 ? "[" + host() + "]" : host();
    int usual = tls.isPresent() ? 443 : 80;
    return port() == usual || port() == 0 ? host : host + ":" + port();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
