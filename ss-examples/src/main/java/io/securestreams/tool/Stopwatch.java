package io.securestreams.tool;

/** Milliseconds since it was made. */
final class Stopwatch {

  private final long start = System.nanoTime();

  long millis() {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
