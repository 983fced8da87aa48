package io.securestreams.reactor.netty;

import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;

/** What a client offers by ALPN (RFC 7301). */
public enum Alpn {
  /** Nothing: the bytes are the application's. */
  NOTHING,
  /** HTTP/1.1, also below a WebSocket. */
  HTTP_1_1,
  /** HTTP/2 alone, as the reference does; a peer that ignores the offer speaks HTTP/1.1. */
  HTTP_2;

  /** The names in the order of preference. */
  List<String> names() {
    return switch (this) {
      case NOTHING -> List.of();
      case HTTP_1_1 -> List.of(ApplicationProtocolNames.HTTP_1_1);
      case HTTP_2 -> List.of(ApplicationProtocolNames.HTTP_2);
    };
  }
}
