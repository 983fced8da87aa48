package io.securestreams.reactor.transport.server;

import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import java.util.List;

/** What a listener speaks. */
public interface ServerProtocol {

  /**
   * The names to agree on in TLS handshakes. Source: RFC 7301.
   *
   * @param plan what to speak
   * @return the preferred first; empty if there is nothing to agree on
   */
  List<String> names(ServerPlan plan);

  /**
   * Prepares to speak by a plan.
   *
   * @param plan what to speak
   * @param acceptor asked about every connection
   */
  ServerSpeaker speaker(ServerPlan plan, Acceptor acceptor);
}
