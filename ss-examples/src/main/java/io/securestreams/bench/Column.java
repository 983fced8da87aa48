package io.securestreams.bench;

/** The clients that stand beside each other. */
public enum Column {
  /** A secure stream. */
  SECURE_STREAM("secure stream") {
    @Override
    Contender connect(Server server, Engine engine) {
      return new SecureStreamClient(server, engine);
    }
  },
  /** Reactor Netty and nothing else: what everything here is built on. */
  RAW("Reactor Netty") {
    @Override
    Contender connect(Server server, Engine engine) {
      return new RawClient(server, engine);
    }
  },
  /** Spring's WebClient and WebSocketClient over Reactor Netty. */
  SPRING("Spring") {
    @Override
    Contender connect(Server server, Engine engine) {
      return new SpringClient(server, engine);
    }
  },
  /** The JDK's HttpClient and WebSocket. */
  JDK("JDK") {
    @Override
    Contender connect(Server server, Engine engine) {
      return new JdkClient(server);
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

  /**
   * A client.
   *
   * @param server what it talks to
   * @param engine what runs TLS
   */
  abstract Contender connect(Server server, Engine engine);
}
