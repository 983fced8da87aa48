package io.securestreams.reactor.testing;

/** The way between a client and a server on which things go wrong. */
public interface FaultPath extends AutoCloseable {

  /** Where clients connect to. */
  int port();

  /** Connections so far. */
  int connections();

  /** Connections that the client has not ended. */
  int open();

  /** Bytes, or datagrams, that went to clients so far. */
  int answered();

  @Override
  void close();
}
