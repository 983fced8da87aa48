package io.securestreams.reactor.transport.ws;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ClientHeads;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * The codec's opening handshake with the headers of a plan. Compression is the one extension that
 * may be offered. Source: RFC 6455, 4.1.
 */
final class ClientWsHandshake extends WebSocketClientHandshaker13 {

  /** Host, origin and path are the plan's. */
  private static final URI UNUSED = URI.create("ws://unused/");

  private final WsPlan plan;
  private final boolean compression;
  private final FullHttpRequest request;

  /**
   * Prepares the request.
   *
   * @param plan what to ask for
   * @param settings whether compression is offered
   * @throws IllegalArgumentException if the plan holds something that cannot be sent
   */
  ClientWsHandshake(WsPlan plan, TransportSettings settings) {
    super(
        UNUSED,
        WebSocketVersion.V13,
        plan.subprotocol().orElse(null),
        false,
        null,
        settings.frameBytes());
    this.plan = plan;
    this.compression = settings.webSocketCompression();
    HttpHeaders headers =
        ClientHeads.request(plan).remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
    FullHttpRequest generated = newHandshakeRequest();
    generated.headers().remove(HttpHeaderNames.HOST).remove(HttpHeaderNames.ORIGIN);
    headers.setAll(generated.headers());
    if (compression) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, WsCompression.OFFER);
    }
    this.request =
        new DefaultFullHttpRequest(
            generated.protocolVersion(),
            generated.method(),
            plan.path(),
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE);
  }

  /** What is to be sent, once. */
  FullHttpRequest request() {
    return request;
  }

  /**
   * What is wrong with a final answer.
   *
   * @return the failure, or empty if the connection is a WebSocket now
   */
  Optional<LinkSignal.Failed> refusal(HttpResponse response, Clock clock) {
    HttpResponseStatus status = response.status();
    Optional<String> objection =
        status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
            ? objection(response)
            : Optional.of("answered the upgrade with status " + status.code());
    long wait =
        status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)
                || status.equals(HttpResponseStatus.TOO_MANY_REQUESTS)
            ? ClientHeads.retryAfterMs(response.headers(), clock)
            : 0;
    String peer = plan.target().toString();
    return objection.map(
        what ->
            new LinkSignal.Failed(
                new LinkException(FailureKind.PROTOCOL, peer + " " + what, peer, null),
                wait,
                Delivery.NOT_SENT));
  }

  private Optional<String> objection(HttpResponse response) {
    HttpHeaders answer = response.headers();
    try {
      verify(
          new DefaultFullHttpResponse(
              response.protocolVersion(),
              response.status(),
              Unpooled.EMPTY_BUFFER,
              answer,
              EmptyHttpHeaders.INSTANCE));
    } catch (WebSocketHandshakeException e) {
      return Optional.of("did not accept the WebSocket: " + e.getMessage());
    }
    String extensions = extensions(answer);
    if (!extensions.isEmpty() && agreed(answer).isEmpty()) {
      return Optional.of(
          "chose the WebSocket extension \"" + extensions + "\", which was not offered");
    }
    String chosen = answer.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    return chosen == null || offered(chosen.trim())
        ? Optional.empty()
        : Optional.of("chose the subprotocol \"" + chosen + "\", which was not offered");
  }

  /**
   * What an answer that is not refused agrees on.
   *
   * @param answer headers of the answer
   */
  Optional<WsCompression> agreed(HttpHeaders answer) {
    return compression ? WsCompression.accepted(extensions(answer)) : Optional.empty();
  }

  private static String extensions(HttpHeaders answer) {
    return String.join(", ", answer.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)).trim();
  }

  /** The policy may name several, separated by commas; a peer may ignore them all. */
  private boolean offered(String chosen) {
    for (String name : plan.subprotocol().orElse("").split(",")) {
      if (!chosen.isEmpty() && name.trim().equals(chosen)) {
        return true;
      }
    }
    return false;
  }
}
