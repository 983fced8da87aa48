package io.securestreams.bench.server;

/**
 * Where a server listens on the loopback.
 *
 * @param h1 HTTP/1.1, without TLS
 * @param h2 HTTP/2 by prior knowledge
 * @param ws WebSockets that echo, at {@code /echo}; 0 for none
 * @param feed WebSockets that hear what any of them sends, at {@code /feed}; 0 for none
 */
record Ports(int h1, int h2, int ws, int feed) {

  static final String HOST = "127.0.0.1";

  /** One line, to be read by {@link #parse}. */
  String line() {
    return h1 + " " + h2 + " " + ws + " " + feed;
  }

  static Ports parse(String line) {
    String[] words = line.split(" ", -1);
    return new Ports(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]));
  }
}
