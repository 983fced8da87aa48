package io.securestreams.bench.server;

import io.securestreams.bench.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server in a process of its own. */
final class ServerUnderLoad implements AutoCloseable {

  private final Process process;
  private final Ports ports;

  private ServerUnderLoad(Process process, Ports ports) {
    this.process = process;
    this.ports = ports;
  }

  /** Starts a main class that ends with {@link Parent#serve}. */
  static ServerUnderLoad start(Class<?> main) throws IOException {
    Process process = Jvm.start(List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"), main);
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException(main.getSimpleName() + " did not start");
    }
    return new ServerUnderLoad(process, Ports.parse(line));
  }

  /** Starts nginx with two processes, one for each core of a small machine. */
  static ServerUnderLoad nginx() throws IOException {
    Ports ports = new Ports(freePort(), freePort(), 0, 0);
    Path folder = Files.createTempDirectory("bench-nginx");
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
        events { worker_connections 16384; }
        http {
          access_log off; keepalive_requests 1000000000; default_type text/plain;
          server { listen 127.0.0.1:%2$d; location / { return 200 "%4$s"; } }
          server { listen 127.0.0.1:%3$d http2; location / { return 200 "%4$s"; } }
        }
        """
            .formatted(folder, ports.h1(), ports.h2(), "x".repeat(SecureStreamServer.BODY_BYTES)));
    Process process =
        new ProcessBuilder(Programs.NGINX, "-c", configuration.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ServerUnderLoad(process, ports);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Ports ports() {
    return ports;
  }

  /** CPU time of the process so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Bytes of heap in use after collections; for servers of ours. */
  long heap() throws IOException {
    Writer questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    questions.write(Parent.HEAP + "\n");
    questions.flush();
    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
    return Long.parseLong(answers.readLine());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
