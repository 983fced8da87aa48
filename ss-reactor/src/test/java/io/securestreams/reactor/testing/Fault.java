package io.securestreams.reactor.testing;

import java.util.EnumSet;
import java.util.Set;

/**
 * Something that goes wrong on a connection.
 *
 * @param kind what
 * @param direction which way the bytes go
 * @param at number of bytes, or of datagrams, that go well before
 * @param extent ms of a delay, bytes of a drip, or the bits of a corrupted byte that turn over
 */
public record Fault(Kind kind, Direction direction, int at, int extent) {

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
    /** The connection is closed for both; without connections, nothing goes either way any more. */
    CUT,
    /** A datagram is lost. */
    DROP,
    /** A datagram comes twice. */
    DUPLICATE,
    /** A datagram comes after the one that follows it. */
    REORDER,
    /** Nobody listens at the port any more, which the system tells who sends to it. */
    CLOSED_PORT;

    /** What can happen to a connection. */
    public static final Set<Kind> OF_STREAMS = EnumSet.range(DELAY, CUT);

    /** What can happen to datagrams. */
    public static final Set<Kind> OF_DATAGRAMS =
        EnumSet.of(DELAY, STALL, CORRUPT, CUT, DROP, DUPLICATE, REORDER, CLOSED_PORT);

    /** What datagrams suffer one by one, and whoever sent them may repair. */
    public static final Set<Kind> OF_SINGLE_DATAGRAMS =
        EnumSet.of(DELAY, CORRUPT, DROP, DUPLICATE, REORDER);
  }

  /** Whom bytes go to. */
  public enum Direction {
    /** From the client to the server. */
    REQUEST,
    /** From the server to the client. */
    ANSWER
  }
}
