package io.securestreams.reactor.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * Time limits and sizes of the network transports, the same for all streams of a context.
 *
 * @param connect per address. Source: {@code connect_timeout_secs} of the reference's context
 * @param response TLS handshake, and each wait for a response. Source: {@code timeout_secs}
 * @param inactivity the longest pause inside a response body, while it is being read
 * @param poolIdle how long an unused h1 connection is kept
 * @param headerBytes most bytes of a header block
 * @param frameBytes most bytes of a WebSocket frame
 * @param messageBytes most bytes of a WebSocket message, fragments together and expanded
 * @param webSocketCompression whether WebSockets offer and accept per-message deflate. Source: RFC
 *     7692
 */
public record TransportSettings(
    Duration connect,
    Duration response,
    Duration inactivity,
    Duration poolIdle,
    int headerBytes,
    int frameBytes,
    long messageBytes,
    boolean webSocketCompression) {

  /**
   * Connect 20 s, response 15 s, inactivity 30 s, pool 4 s, headers 16 KiB, ws 1 MiB; no
   * compression.
   */
  public static final TransportSettings DEFAULTS =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          16 * 1024,
          1024 * 1024,
          16L * 1024 * 1024,
          false);

  /** Checks the components. */
  public TransportSettings {
    requirePositive(connect, "connect");
    requirePositive(response, "response");
    requirePositive(inactivity, "inactivity");
    requirePositive(poolIdle, "poolIdle");
    if (headerBytes <= 0 || frameBytes <= 0 || messageBytes <= 0) {
      throw new IllegalArgumentException("sizes must be positive");
    }
  }

  /** Settings without compression of WebSockets. */
  public TransportSettings(
      Duration connect,
      Duration response,
      Duration inactivity,
      Duration poolIdle,
      int headerBytes,
      int frameBytes,
      long messageBytes) {
    this(connect, response, inactivity, poolIdle, headerBytes, frameBytes, messageBytes, false);
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
        headerBytes,
        frameBytes,
        messageBytes,
        compressing);
  }

  private static void requirePositive(Duration duration, String name) {
    if (Objects.requireNonNull(duration, name).isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, got " + duration);
    }
  }
}
