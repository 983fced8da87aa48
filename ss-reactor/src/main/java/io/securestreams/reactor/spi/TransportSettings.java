package io.securestreams.reactor.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * Time limits and sizes of the network transports, the same for all streams of a context.
 *
 * @param connect per address. Source: {@code connect_timeout_secs} of the reference's context
 * @param response TLS handshake, and each wait for a response. Source: {@code timeout_secs}
 * @param inactivity the longest pause inside a response body, while it is being read
 * @param poolIdle how long an unused http connection is kept
 * @param connectionAge how long a shared connection takes new transactions; the one after it looks
 *     the name up again
 * @param headerBytes most bytes of a header block
 * @param frameBytes most bytes of a WebSocket frame
 * @param messageBytes most bytes of a WebSocket message, fragments together and expanded
 * @param webSocketCompression whether WebSockets offer and accept per-message deflate. Source: RFC
 *     7692
 * @param servers what listeners bear from their clients, beside the sizes here
 */
public record TransportSettings(
    Duration connect,
    Duration response,
    Duration inactivity,
    Duration poolIdle,
    Duration connectionAge,
    int headerBytes,
    int frameBytes,
    long messageBytes,
    boolean webSocketCompression,
    ServerLimits servers) {

  private static final Duration USUAL_AGE = Duration.ofMinutes(5);

  /**
   * Connect 20 s, response 15 s, inactivity 30 s, pool 4 s, age 5 min, headers 16 KiB, ws 1 MiB; no
   * compression; {@link ServerLimits#DEFAULTS}.
   */
  public static final TransportSettings DEFAULTS =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          16 * 1024,
          1024 * 1024,
          16L * 1024 * 1024);

  /** Checks the components. */
  public TransportSettings {
    requirePositive(connect, "connect");
    requirePositive(response, "response");
    requirePositive(inactivity, "inactivity");
    requirePositive(poolIdle, "poolIdle");
    requirePositive(connectionAge, "connectionAge");
    if (headerBytes <= 0 || frameBytes <= 0 || messageBytes <= 0) {
      throw new IllegalArgumentException("sizes must be positive");
    }
    Objects.requireNonNull(servers, "servers");
  }

  /**
   * Settings with the usual age of connections, 5 min, no compression of WebSockets, and the usual
   * limits of servers.
   */
  public TransportSettings(
      Duration connect,
      Duration response,
      Duration inactivity,
      Duration poolIdle,
      int headerBytes,
      int frameBytes,
      long messageBytes) {
    this(
        connect,
        response,
        inactivity,
        poolIdle,
        USUAL_AGE,
        headerBytes,
        frameBytes,
        messageBytes,
        false,
        ServerLimits.DEFAULTS);
  }

  /**
   * The same but for the age of shared connections.
   *
   * @param age how long one takes new transactions
   */
  public TransportSettings withConnectionAge(Duration age) {
    return new TransportSettings(
        connect,
        response,
        inactivity,
        poolIdle,
        age,
        headerBytes,
        frameBytes,
        messageBytes,
        webSocketCompression,
        servers);
  }

  /**
   * The same with or without compression of WebSockets.
   *
   * @param compressing whether per-message deflate is offered and accepted
   */
  public TransportSettings withWebSocketCompression(boolean compressing) {
    return new TransportSettings(
        connect,
        response,
        inactivity,
        poolIdle,
        connectionAge,
        headerBytes,
        frameBytes,
        messageBytes,
        compressing,
        servers);
  }

  /**
   * The same with other limits of servers.
   *
   * @param limits what listeners bear from their clients
   */
  public TransportSettings withServers(ServerLimits limits) {
    return new TransportSettings(
        connect,
        response,
        inactivity,
        poolIdle,
        connectionAge,
        headerBytes,
        frameBytes,
        messageBytes,
        webSocketCompression,
        limits);
  }

  private static void requirePositive(Duration duration, String name) {
    if (Objects.requireNonNull(duration, name).isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, got " + duration);
    }
  }
}
