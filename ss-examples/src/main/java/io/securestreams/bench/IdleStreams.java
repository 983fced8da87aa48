package io.securestreams.bench;

import com.sun.management.OperatingSystemMXBean;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/** What streams cost that have nothing to do: heap, and CPU while they wait in a backoff. */
final class IdleStreams {

  private static final int COUNT = 100_000;
  private static final int HEAP_AIM = 900;
  private static final double CPU_AIM = 2;

  private static final long SETTLE_MS = 3000;

  /** Attempts under way at a time, so that files are not exhausted. */
  private static final int ATTEMPTS = 256;

  private static final String POLICY =
      """
      {
        "release": "1", "product": "benchmarks", "schema-version": 1,
        "retry": [{"hourly": {"backoff": [3600000], "conceal": 65535, "jitterpc": 20}}],
        "s": [
          {"feed": {
            "endpoint": "127.0.0.1", "port": %d, "protocol": "ws",
            "http_url": "/feed", "opportunistic": true, "retry": "hourly"}}
        ]
      }
      """;

  private IdleStreams() {}

  /** What the streams of a process do. */
  private enum Kind {
    OPENED("opened"),
    SUBSCRIBED("events() subscribed"),
    WAITING("waiting in a backoff");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /** Measures each kind in a process of its own. */
  static String table(int seconds) throws IOException {
    StringBuilder table =
        new StringBuilder("| " + COUNT + " idle streams | heap per stream | CPU of one core |\n");
    table.append("|---|---|---|\n");
    for (Kind kind : Kind.values()) {
      Process process =
          Jvm.start(
              List.of("-Xmx1g", "-XX:+UseSerialGC"),
              IdleStreams.class,
              kind.name(),
              String.valueOf(seconds));
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        table.append(output.readLine()).append('\n');
      }
    }
    return table.toString();
  }

  /** Measures the kind of the first argument, its CPU for the seconds of the second. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Kind kind = Kind.valueOf(args[0]);
    int seconds = Integer.parseInt(args[1]);
    SecureStream[] kept = new SecureStream[COUNT];
    try (SecureStreams streams =
        SecureStreams.builder().policy(String.format(POLICY, closedPort())).build()) {
      fill(kept, 1, streams, kind); // classes are loaded
      long before = usedHeap();
      fill(kept, COUNT, streams, kind);
      double heap = (usedHeap() - before) / (double) COUNT;
      Thread.sleep(SETTLE_MS); // the compiler is done
      double cpu = cpuPercent(seconds);
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %.0f B %s | %.2f %% %s |",
              kind.title,
              heap,
              heap <= HEAP_AIM ? "(met)" : "(above " + HEAP_AIM + " B)",
              cpu,
              cpu < CPU_AIM ? "(met)" : "(above " + CPU_AIM + " %)"));
    }
    System.exit(kept[0] == null ? 1 : 0); // the streams are alive until here
  }

  private static void fill(SecureStream[] kept, int count, SecureStreams streams, Kind kind)
      throws InterruptedException {
    Semaphore attempts = new Semaphore(ATTEMPTS);
    for (int i = 0; i < count; i++) {
      SecureStream stream = streams.open("feed");
      kept[i] = stream;
      if (kind == Kind.WAITING) {
        attempts.acquire();
        stream.connect();
        stream.events().subscribe(event -> releaseIfWaiting(event, attempts));
      } else if (kind == Kind.SUBSCRIBED) {
        stream.events().subscribe(event -> {}, Throwable::printStackTrace);
      }
    }
    attempts.acquire(ATTEMPTS); // the last attempts have failed
  }

  private static void releaseIfWaiting(StreamEvent event, Semaphore attempts) {
    if (event instanceof StateEvent state && state.state() == StreamState.UNREACHABLE) {
      attempts.release();
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static long usedHeap() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(200); // reference handlers, and pools that shrink
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  private static double cpuPercent(int seconds) throws InterruptedException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = System.nanoTime();
    long before = system.getProcessCpuTime();
    Thread.sleep(seconds * 1000L);
    long cpu = system.getProcessCpuTime() - before;
    return 100.0 * cpu / (System.nanoTime() - start);
  }
}
