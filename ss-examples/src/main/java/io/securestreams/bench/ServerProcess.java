package io.securestreams.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The server of all columns, in a process of its own, so that ratios are about the client. */
final class ServerProcess implements AutoCloseable {

  /** Tells the forks where the server is. */
  static final String PORT_PROPERTY = "bench.port";

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static ServerProcess start() throws IOException {
    Process process = Jvm.start(List.of("-Xmx256m"), BenchServer.class);
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException("the server did not start");
    }
    return new ServerProcess(process, Integer.parseInt(line));
  }

  /** In a fork: the port of the server. */
  static int port() {
    Integer port = Integer.getInteger(PORT_PROPERTY);
    if (port == null) {
      throw new IllegalStateException(
          "run the benchmarks through " + Bench.class.getName() + ", which starts their server");
    }
    return port;
  }

  /** The argument that tells a fork. */
  String argument() {
    return "-D" + PORT_PROPERTY + "=" + port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
