package io.securestreams.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The server of all columns, in a process of its own, so that ratios are about the client. */
final class ServerProcess implements AutoCloseable {

  /** Tells the forks where the server is. */
  static final String SERVER_PROPERTY = "bench.server";

  private final Process process;
  private final Server server;

  private ServerProcess(Process process, Server server) {
    this.process = process;
    this.server = server;
  }

  static ServerProcess start() throws IOException {
    Process process = Jvm.start(List.of("-Xmx256m"), BenchServer.class);
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException("the server did not start");
    }
    return new ServerProcess(process, Server.parse(line));
  }

  /** In a fork: where the server is. */
  static Server server() {
    String word = System.getProperty(SERVER_PROPERTY);
    if (word == null) {
      throw new IllegalStateException(
          "run the benchmarks through " + Bench.class.getName() + ", which starts their server");
    }
    return Server.parse(word);
  }

  /** The argument that tells a fork. */
  String argument() {
    return "-D" + SERVER_PROPERTY + "=" + server.word();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
