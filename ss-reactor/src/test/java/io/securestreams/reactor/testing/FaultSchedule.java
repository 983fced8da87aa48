package io.securestreams.reactor.testing;

import io.securestreams.reactor.testing.Fault.Direction;
import io.securestreams.reactor.testing.Fault.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong on which connection.
 *
 * @param name tells it from others
 * @param connections the faults of the first ones; those after them go well
 */
public record FaultSchedule(String name, List<List<Fault>> connections) {

  private static final int MOST_FAULTS = 3;
  private static final int LONGEST = 20;

  /**
   * Faults for the first two connections, drawn by a seed.
   *
   * @param seed the same seed draws the same faults
   * @param kinds what may happen
   * @param size about as many bytes, or datagrams, go one way
   */
  public static FaultSchedule drawn(long seed, Set<Kind> kinds, int size) {
    Random random = new Random(seed);
    List<Kind> possible = List.copyOf(EnumSet.copyOf(kinds));
    List<List<Fault>> connections =
        List.of(some(random, possible, size), some(random, possible, size));
    return new FaultSchedule(
        "seed " + seed + ": " + connections.get(0) + ", then " + connections.get(1), connections);
  }

  private static List<Fault> some(Random random, List<Kind> kinds, int size) {
    List<Fault> faults = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_FAULTS); left > 0; left--) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      Direction direction = Direction.values()[random.nextInt(Direction.values().length)];
      faults.add(new Fault(kind, direction, random.nextInt(size), 1 + random.nextInt(LONGEST)));
    }
    return faults;
  }

  /** One fault on the first connection. */
  public static FaultSchedule once(Fault fault) {
    return new FaultSchedule(fault.toString(), List.of(List.of(fault)));
  }

  /**
   * Each fault at each datagram of a conversation.
   *
   * @param kinds what happens
   * @param asked datagrams that go to the server
   * @param answered datagrams that go to the client
   */
  public static List<FaultSchedule> each(Set<Kind> kinds, int asked, int answered) {
    List<FaultSchedule> schedules = new ArrayList<>();
    for (Kind kind : kinds) {
      for (int at = 0; at < asked; at++) {
        schedules.add(once(new Fault(kind, Direction.REQUEST, at, 10)));
      }
      for (int at = 0; at < answered; at++) {
        schedules.add(once(new Fault(kind, Direction.ANSWER, at, 10)));
      }
    }
    return schedules;
  }

  /** No fault at all. */
  public static FaultSchedule none() {
    return new FaultSchedule("no fault", List.of());
  }

  /** The faults of a connection, which are counted from 0. */
  List<Fault> of(int connection) {
    return connection < connections.size() ? connections.get(connection) : List.of();
  }

  /** True if something of this kind happens to any connection. */
  boolean has(Kind kind) {
    return connections.stream().flatMap(List::stream).anyMatch(fault -> fault.kind() == kind);
  }
}
