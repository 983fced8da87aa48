package io.securestreams.reactor.transport.http;

import reactor.core.Disposable;

/** Where transactions get their place on a connection. Safe from any thread. */
interface ClientSource {

  /**
   * Finds a place or makes one: {@link ClientHttpLink#attached} or {@link
   * ClientHttpLink#notConnected} is called once.
   *
   * @return gives the attempt up
   */
  Disposable lease(ClientHttpLink link);

  /** As {@link #lease}, but on a connection that is made for it. */
  Disposable dial(ClientHttpLink link);

  /** Closes unused connections, and those in use after their last transaction. */
  void close();
}
