package io.securestreams.reactor.testing;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One direction of the datagrams through a {@link DatagramFaultProxy}; on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Timers are not cancelled: what is late is late.
final class DatagramLane {

  /** A datagram that nothing follows is not held for ever. */
  private static final int HELD_MS = 20;

  private final List<Fault> faults;
  private final Consumer<byte[]> target;
  private final Consumer<Fault> together;

  private int arrived;
  private boolean stopped;
  private byte[] held = {};

  /**
   * A lane that nothing has gone over.
   *
   * @param faults of this direction
   * @param target takes what goes well
   * @param together told of faults of both directions
   */
  DatagramLane(List<Fault> faults, Consumer<byte[]> target, Consumer<Fault> together) {
    this.faults = faults;
    this.target = target;
    this.together = together;
  }

  /** Nothing goes any more. */
  void stop() {
    stopped = true;
  }

  /** Lets a datagram go, or what the schedule says. */
  void arrived(byte[] datagram) {
    int number = arrived++;
    faults.stream()
        .filter(fault -> fault.at() == number)
        .findFirst()
        .ifPresentOrElse(fault -> happen(fault, datagram), () -> pass(datagram));
  }

  private void pass(byte[] datagram) {
    if (!stopped) {
      target.accept(datagram);
      release();
    }
  }

  private void release() {
    byte[] late = held;
    held = new byte[0];
    if (late.length > 0) {
      pass(late);
    }
  }

  private void later(int ms, Runnable task) {
    FaultProxy.LOOP.schedule(task, ms, TimeUnit.MILLISECONDS);
  }

  private void happen(Fault fault, byte[] datagram) {
    switch (fault.kind()) {
      case DELAY -> later(fault.extent(), () -> pass(datagram));
      case REORDER -> {
        held = datagram;
        later(HELD_MS, this::release);
      }
      case DROP -> {
        // Nobody is told.
      }
      case DUPLICATE -> {
        pass(datagram);
        pass(datagram.clone());
      }
      case CORRUPT -> {
        byte[] other = datagram.clone();
        other[other.length / 2] ^= (byte) fault.extent();
        pass(other);
      }
      case STALL -> stop();
      case CUT, CLOSED_PORT -> together.accept(fault);
      case DRIP, RESET, HALF_CLOSE ->
          throw new IllegalArgumentException("there is no connection: " + fault);
    }
  }
}
