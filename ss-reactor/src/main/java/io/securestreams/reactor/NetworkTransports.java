package io.securestreams.reactor;

import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.ClientTransports;
import io.securestreams.reactor.transport.ServerTransports;
import io.securestreams.reactor.transport.file.FileClients;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * The transports that use sockets.
 *
 * @param clients for client streams
 * @param servers for listeners
 */
record NetworkTransports(ClientTransport clients, ServerTransport servers) {

  /**
   * Transports without connections and listeners.
   *
   * @param options what they may do and with what
   * @param clock tells the time for Retry-After dates
   * @param blocking where certificates are decoded and files read
   */
  static NetworkTransports of(NetworkOptions options, Clock clock, Scheduler blocking) {
    TransportSettings settings = options.settings();
    LoopResources loops = options.loops();
    Dialer dialer = new Dialer(loops, blocking, settings, options.tlsEngine());
    FileClients files =
        options.fileEndpoints() ? FileClients.permitted(blocking) : FileClients.refused();
    return new NetworkTransports(
        new ClientTransports(dialer, settings, clock, files),
        new ServerTransports(settings, loops, blocking));
  }
}
