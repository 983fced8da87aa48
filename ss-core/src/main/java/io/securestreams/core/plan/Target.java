package io.securestreams.core.plan;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a connection goes. Equal targets may share connections.
 *
 * @param host host name or address literal, without brackets
 * @param port TCP port, 1..65535 for clients, 0..65535 for servers
 * @param tls present exactly if TLS is required
 */
public record Target(String host, int port, Optional<TlsPlan> tls) {

  /** Checks the components. */
  public Target {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(tls, "tls");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
