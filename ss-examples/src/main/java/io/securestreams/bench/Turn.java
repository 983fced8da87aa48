package io.securestreams.bench;

import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Lets an iteration run only while it is this process's turn, so that columns measured at nearly
 * the same time do not disturb each other. The turns are given through standard input.
 */
@State(Scope.Benchmark)
public class Turn {

  /** The process is ready for its next turn. */
  static final String READY = "ready";

  /** The process's turn is over. */
  static final String OVER = "over";

  /** Asks for the turn and waits for it. */
  @Setup(Level.Iteration)
  public void begin() throws IOException {
    System.out.println(READY);
    int c;
    do {
      c = System.in.read();
    } while (c >= 0 && c != '\n');
  }

  /** Gives the turn back. */
  @TearDown(Level.Iteration)
  public void end() {
    System.out.println(OVER);
  }
}
