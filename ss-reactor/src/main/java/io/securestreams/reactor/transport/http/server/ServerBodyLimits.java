package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.List;
import java.util.Optional;

/** How long the body of one request may be, and how slowly it may come. */
final class ServerBodyLimits {

  private final long mostBytes;
  private final BodyPace pace;
  private long received;

  /**
   * The limits of a body of which nothing came.
   *
   * @param settings the limits
   */
  ServerBodyLimits(TransportSettings settings) {
    this.mostBytes = settings.servers().bodyBytes();
    this.pace = new BodyPace(settings.servers().bodyRate(), settings.response().toNanos());
  }

  /** Whether it comes fast enough; a window of it is the time limit of an answer. */
  BodyPace pace() {
    return pace;
  }

  /**
   * Looks at the length that a head announces.
   *
   * @param head of the request
   * @return why it is refused, or empty
   */
  Optional<ServerRefusal> announced(ServerRequestHead head) {
    List<String> lengths = head.values(HttpHeaderNames.CONTENT_LENGTH.toString());
    try {
      return !lengths.isEmpty() && Long.parseLong(lengths.get(0)) > mostBytes
          ? Optional.of(ServerRefusal.tooLarge(mostBytes))
          : Optional.empty();
    } catch (NumberFormatException noNumber) {
      // What comes is counted in any case.
      return Optional.empty();
    }
  }

  /**
   * Counts a part that came.
   *
   * @param bytes its size
   * @return why the request is refused, or empty
   */
  Optional<ServerRefusal> came(int bytes) {
    received += bytes;
    return received > mostBytes ? Optional.of(ServerRefusal.tooLarge(mostBytes)) : Optional.empty();
  }
}
