package io.securestreams.bench.server;

import io.securestreams.bench.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Measures servers side by side and prints a table.
 *
 * <p>Each server has its own process; they take turns, and every number is the median of its turns.
 * Client and server share the machine, so that CPU time per operation says more than speed. Needs
 * {@code h2load}; nginx is measured too where it is installed.
 *
 * <pre>{@code
 * java -cp ss-examples/target/ss-examples.jar io.securestreams.bench.server.ServerBench --quick
 * }</pre>
 */
public final class ServerBench {

  private static final double SPEED_AIM = 0.95;
  private static final int HEAP_AIM = 3 * 1024;
  private static final int ENOUGH_TO_LOAD_CLASSES = 10;

  private final Pattern only;
  private final int turns;
  private final int seconds;

  private ServerBench(Pattern only, int turns, int seconds) {
    this.only = only;
    this.turns = turns;
    this.seconds = seconds;
  }

  /** What one kind of load does to one server for a while. */
  @FunctionalInterface
  private interface Load {
    long operations(Ports ports, int seconds) throws IOException, InterruptedException;
  }

  /** One line of the table. */
  private record Row(String title, Load load, boolean withNginx) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("h1 GET, 64 connections", http("--h1", "-m1"), true),
          new Row("h2c GET, 64 connections, 4 streams each", http2("-m4"), true),
          new Row("ws echo, 128 B, 16 connections, 16 in flight each", ServerBench::echo, false),
          new Row("ws broadcast, 128 B, to 100 connections", ServerBench::broadcast, false));

  /** Speed and cost of one turn. */
  private record Turn(double perSecond, double cpuMicros) {}

  /**
   * Runs it.
   *
   * @param args {@code --quick} for a first look, about three minutes; {@code --only=REGEX} for
   *     some rows, the last being {@code idle}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean quick = false;
    Pattern only = Pattern.compile("");
    for (String arg : args) {
      if (arg.equals("--quick")) {
        quick = true;
      } else if (arg.startsWith("--only=")) {
        only = Pattern.compile(arg.substring("--only=".length()));
      } else {
        System.err.println("usage: " + ServerBench.class.getName() + " [--quick] [--only=REGEX]");
        System.exit(2);
      }
    }
    (quick ? new ServerBench(only, 5, 2) : new ServerBench(only, 15, 4)).run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    List<Row> rows = ROWS.stream().filter(row -> only.matcher(row.title).find()).toList();
    if (!rows.isEmpty()) {
      if (rows.stream().anyMatch(row -> row.withNginx) && !Programs.has(Programs.H2LOAD)) {
        System.err.println("h2load is not on the PATH; Debian has it in nghttp2-client");
        System.exit(2);
      }
      System.out.println(
          "| server, per second; CPU/op | secure stream | Reactor Netty | nginx"
              + " | speed to Reactor Netty | CPU to Reactor Netty |\n|---|---|---|---|---|---|");
      for (Row row : rows) {
        System.err.println(row.title);
        System.out.println(line(row));
      }
      System.out.println();
    }
    if (only.matcher("idle").find()) {
      idle();
    }
  }

  private static Load http(String... arguments) {
    return (ports, time) -> HttpLoad.requests(url(ports.h1()), List.of(arguments), time);
  }

  private static Load http2(String... arguments) {
    return (ports, time) -> HttpLoad.requests(url(ports.h2()), List.of(arguments), time);
  }

  private static String url(int port) {
    return "http://" + Ports.HOST + ":" + port + "/";
  }

  private static long echo(Ports ports, int time) {
    try (EchoLoad load = new EchoLoad(ports.ws())) {
      return load.messages(time);
    }
  }

  private static long broadcast(Ports ports, int time) throws InterruptedException {
    try (BroadcastLoad load = new BroadcastLoad(ports.feed())) {
      return load.messages(time);
    }
  }

  private String line(Row row) throws IOException, InterruptedException {
    List<Turn> ours = new ArrayList<>();
    List<Turn> raw = new ArrayList<>();
    List<Turn> others = new ArrayList<>();
    try (ServerUnderLoad secure = ServerUnderLoad.start(SecureStreamServer.class);
        ServerUnderLoad netty = ServerUnderLoad.start(NettyServer.class)) {
      for (int i = -1; i < turns; i++) { // the first is for the compiler
        Turn first = turn(secure, row.load);
        Turn second = turn(netty, row.load);
        if (i >= 0) {
          ours.add(first);
          raw.add(second);
        }
      }
    }
    if (row.withNginx && Programs.has(Programs.NGINX)) {
      try (ServerUnderLoad nginx = ServerUnderLoad.nginx()) {
        Thread.sleep(500); // it tells nobody when it is ready
        for (int i = 0; i < turns; i++) {
          others.add(turn(nginx, row.load));
        }
      }
    }
    double speed = median(ours).perSecond / median(raw).perSecond;
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.2f %s | %.2f |",
        row.title,
        cell(ours),
        cell(raw),
        cell(others),
        speed,
        speed >= SPEED_AIM ? "(met)" : "(below " + SPEED_AIM + ")",
        median(ours).cpuMicros / median(raw).cpuMicros);
  }

  private Turn turn(ServerUnderLoad server, Load load) throws IOException, InterruptedException {
    long cpu = server.cpu().toNanos();
    long start = System.nanoTime();
    long operations = load.operations(server.ports(), seconds);
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new Turn(operations / elapsed, (server.cpu().toNanos() - cpu) / 1e3 / operations);
  }

  private static Turn median(List<Turn> turns) {
    return new Turn(Sample.median(turns, Turn::perSecond), Sample.median(turns, Turn::cpuMicros));
  }

  private static String cell(List<Turn> turns) {
    Turn median = median(turns);
    return turns.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%.0f; %.1f µs", median.perSecond, median.cpuMicros);
  }

  private static void idle() throws IOException {
    double ours = idle(SecureStreamServer.class);
    double raw = idle(NettyServer.class);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%d idle h1 connections, heap for each: secure stream %.0f B, Reactor Netty %.0f B,"
                + " %.0f B over it %s",
            IdleConnections.COUNT,
            ours,
            raw,
            ours - raw,
            ours - raw <= HEAP_AIM ? "(met)" : "(above " + HEAP_AIM + ")"));
  }

  private static double idle(Class<?> server) throws IOException {
    System.err.println("idle connections of " + server.getSimpleName());
    try (ServerUnderLoad process = ServerUnderLoad.start(server);
        IdleConnections connections = new IdleConnections()) {
      connections.open(ENOUGH_TO_LOAD_CLASSES, process.ports().h1());
      long before = process.heap();
      connections.open(IdleConnections.COUNT, process.ports().h1());
      return (process.heap() - before) / (double) IdleConnections.COUNT;
    }
  }
}
