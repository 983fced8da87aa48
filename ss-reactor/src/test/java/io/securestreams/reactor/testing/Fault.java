package io.securestreams.reactor.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Something that goes wrong on a connection.
 *
 * @param kind what
 * @param direction which way the bytes go
 * @param at number of bytes that go well before
 * @param extent ms of a delay, bytes of a drip, or the bits of a corrupted byte that turn over
 */
public record Fault(Kind kind, Direction direction, int at, int extent) {

  private static final int MOST_FAULTS = 3;
  private static final int LONGEST = 20;

  /** What can go wrong. */
  public enum Kind {
    /** Nothing goes for a while. */
    DELAY,
    /** Bytes go one by one, each a millisecond after the other. */
    DRIP,
    /** Nothing goes any more, and nobody is told. */
    STALL,
    /** The connection is reset for both. */
    RESET,
    /** No more bytes go this way, which is told; the other way is open. */
    HALF_CLOSE,
    /** A byte is another. */
    CORRUPT,
    /** The connection is closed for both. */
    CUT
  }

  /** Whom bytes go to. */
  public enum Direction {
    /** From the client to the server. */
    REQUEST,
    /** From the server to the client. */
    ANSWER
  }

  /**
   * Faults for the first two connections, drawn by a seed; those after them go well.
   *
   * @param seed the same seed draws the same faults
   * @param bytes about as many as go one way
   */
  public static IntFunction<List<Fault>> drawn(long seed, int bytes) {
    Random random = new Random(seed);
    List<List<Fault>> connections = List.of(some(random, bytes), some(random, bytes));
    return number -> number < connections.size() ? connections.get(number) : List.of();
  }

  private static List<Fault> some(Random random, int bytes) {
    List<Fault> faults = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_FAULTS); left > 0; left--) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      Direction direction = Direction.values()[random.nextInt(Direction.values().length)];
      faults.add(new Fault(kind, direction, random.nextInt(bytes), 1 + random.nextInt(LONGEST)));
    }
    return faults;
  }

  /** One fault on the first connection. */
  public static IntFunction<List<Fault>> once(Fault fault) {
    return number -> number == 0 ? List.of(fault) : List.of();
  }

  /** No fault at all. */
  public static IntFunction<List<Fault>> none() {
    return number -> List.of();
  }
}
