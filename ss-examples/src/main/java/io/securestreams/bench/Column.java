package io.securestreams.bench;

/** The clients that stand beside each other. */
public enum Column {
  /** A secure stream. */
  SECURE_STREAM("secure stream") {
    @Override
    Contender connect(int port) {
      return new SecureStreamClient(port);
    }
  },
  /** Reactor Netty and nothing else: what everything here is built on. */
  RAW("Reactor Netty") {
    @Override
    Contender connect(int port) {
      return new RawClient(port);
    }
  },
  /** Spring's WebClient and WebSocketClient over Reactor Netty. */
  SPRING("Spring") {
    @Override
    Contender connect(int port) {
      return new SpringClient(port);
    }
  };

  private final String title;

  Column(String title) {
    this.title = title;
  }

  /** How the table calls it. */
  String title() {
    return title;
  }

  /** A client for the server on that port of the loopback. */
  abstract Contender connect(int port);
}
