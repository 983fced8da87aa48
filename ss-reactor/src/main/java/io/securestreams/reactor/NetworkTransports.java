package io.securestreams.reactor;

import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/** The transports that use sockets, made when the first of them is wanted. */
final class NetworkTransports {

  NetworkTransports(TransportSettings settings, Clock clock, Scheduler blocking) {}

  ClientTransport clients() {
    throw new UnsupportedOperationException();
  }

  ServerTransport servers() {
    throw new UnsupportedOperationException();
  }

  void close() {}
}
