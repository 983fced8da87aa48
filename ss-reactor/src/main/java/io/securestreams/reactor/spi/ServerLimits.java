package io.securestreams.reactor.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What a listener bears from its clients, the same for all listeners of a context. Who goes beyond
 * a limit loses the connection, and logs and failures name the limit. The sizes of heads, frames
 * and WebSocket messages are limited by {@link TransportSettings}, also for clients.
 *
 * @param connections most connections of a listener at a time, 1 or more; further ones wait in the
 *     system's backlog until one ends
 * @param head the longest time that a TLS handshake may take, and a request's head from its first
 *     byte to its last. Source: {@code timeout_secs} of the reference's context
 * @param idle how long a connection may be without a request, before the first one and between two;
 *     WebSockets and byte streams are not meant. The reference keeps connections for 5 s
 * @param bodyBytes most bytes of a request's body, 0 or more; {@code Long.MAX_VALUE} for any size,
 *     as in the reference
 * @param bodyRate fewest bytes per second of a request's body, while it is being read; 0 for no
 *     limit. A body of which nothing comes ends after {@link TransportSettings#response()} in any
 *     case
 * @param requests most requests of an http/1.1 connection, 1 or more: the answer to the last one
 *     says {@code Connection: close}; {@code Integer.MAX_VALUE} for any number, as in the reference
 * @param stall how long a client may take nothing of what there is to send; over h2 and h3 on each
 *     stream too, where less than 64 KiB may count as nothing. Source: {@code timeout_secs} of the
 *     reference's context
 */
public record ServerLimits(
    int connections,
    Duration head,
    Duration idle,
    long bodyBytes,
    int bodyRate,
    int requests,
    Duration stall) {

  /**
   * 16384 connections, head 15 s, idle 60 s, bodies of any size and at least 10 bytes/s, any number
   * of requests, stall 15 s.
   */
  public static final ServerLimits DEFAULTS =
      new ServerLimits(
          16 * 1024,
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Long.MAX_VALUE,
          10,
          Integer.MAX_VALUE,
          Duration.ofSeconds(15));

  /** Checks the components. */
  public ServerLimits {
    requireAtLeast(1, connections, "connections");
    requirePositive(head, "head");
    requirePositive(idle, "idle");
    requireAtLeast(0, bodyBytes, "bodyBytes");
    requireAtLeast(0, bodyRate, "bodyRate");
    requireAtLeast(1, requests, "requests");
    requirePositive(stall, "stall");
  }

  /**
   * The same with another number of connections.
   *
   * @param value 1 or more
   */
  public ServerLimits withConnections(int value) {
    return new ServerLimits(value, head, idle, bodyBytes, bodyRate, requests, stall);
  }

  /**
   * The same with another time for handshakes and heads.
   *
   * @param value above 0
   */
  public ServerLimits withHead(Duration value) {
    return new ServerLimits(connections, value, idle, bodyBytes, bodyRate, requests, stall);
  }

  /**
   * The same with another time without a request.
   *
   * @param value above 0
   */
  public ServerLimits withIdle(Duration value) {
    return new ServerLimits(connections, head, value, bodyBytes, bodyRate, requests, stall);
  }

  /**
   * The same with another size of bodies.
   *
   * @param value bytes, 0 or more
   */
  public ServerLimits withBodyBytes(long value) {
    return new ServerLimits(connections, head, idle, value, bodyRate, requests, stall);
  }

  /**
   * The same with another speed of bodies.
   *
   * @param value bytes per second, 0 for no limit
   */
  public ServerLimits withBodyRate(int value) {
    return new ServerLimits(connections, head, idle, bodyBytes, value, requests, stall);
  }

  /**
   * The same with another number of requests.
   *
   * @param value 1 or more
   */
  public ServerLimits withRequests(int value) {
    return new ServerLimits(connections, head, idle, bodyBytes, bodyRate, value, stall);
  }

  /**
   * The same with another patience with clients that do not read.
   *
   * @param value above 0
   */
  public ServerLimits withStall(Duration value) {
    return new ServerLimits(connections, head, idle, bodyBytes, bodyRate, requests, value);
  }

  private static void requireAtLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be " + least + " or more, got " + value);
    }
  }

  private static void requirePositive(Duration duration, String name) {
    if (Objects.requireNonNull(duration, name).isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, got " + duration);
    }
  }
}
