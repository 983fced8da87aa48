package io.securestreams.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** The process that started a server, seen from the server: it asks on standard input. */
final class Parent {

  /** Asks for the bytes of heap in use. */
  static final String HEAP = "heap";

  private static final int COLLECTIONS = 4;
  private static final long PAUSE_MS = 200;

  private Parent() {}

  /** Tells where the server is, and answers until the parent is gone. */
  static void serve(Ports ports) throws IOException, InterruptedException {
    System.out.println(ports.line());
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(HEAP)) {
        System.out.println(usedHeap());
      }
    }
    System.exit(0);
  }

  private static long usedHeap() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(PAUSE_MS); // reference handlers, and pools that shrink
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
