package io.securestreams.tool;

import io.securestreams.reactor.SecureStreams;

/** Runs the tour of {@code sstream demo}; what {@code mvn compile exec:java} calls. */
public final class DemoMain {

  private DemoMain() {}

  /**
   * Runs the tour and ends the process: 0 if everything was shown.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    System.exit(new Demo(Terminal.ofProcess(), SecureStreams.builder()).run().code());
  }
}
