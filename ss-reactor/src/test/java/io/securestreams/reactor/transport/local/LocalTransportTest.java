package io.securestreams.reactor.transport.local;

import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.testing.TransportContract;

/** The local transport does what streams rely on. */
class LocalTransportTest implements TransportContract {

  private final LocalTransport transport = LocalTransport.create();

  @Override
  public ClientTransport clients() {
    return transport;
  }

  @Override
  public ServerTransport servers() {
    return transport;
  }
}
