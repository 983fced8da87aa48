package io.securestreams.reactor.transport.ws;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.server.ServerConnection;
import io.securestreams.reactor.transport.http.server.ServerPhase;
import io.securestreams.reactor.transport.http.server.ServerUpgrade;
import java.util.Base64;
import java.util.Optional;

/**
 * Accepts WebSockets of version 13, at any path; without extensions, or with compression if that is
 * switched on. Source: RFC 6455 section 4.2.
 */
public final class ServerWsUpgrade implements ServerUpgrade {

  private static final String VERSION = WebSocketVersion.V13.toHttpHeaderValue();
  private static final int KEY_BYTES = 16;

  private final TransportSettings settings;

  /**
   * An upgrade for any number of connections.
   *
   * @param settings limits of frames and messages
   */
  public ServerWsUpgrade(TransportSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean isAskedFor(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return headers.contains(HttpHeaderNames.UPGRADE)
        && HttpMethod.GET.equals(request.method())
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  @Override
  public HttpResponse answer(HttpRequest request, ServerPlan plan) {
    if (!VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      HttpResponse response = response(HttpResponseStatus.UPGRADE_REQUIRED);
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      return response;
    }
    String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").trim();
    if (request.protocolVersion().minorVersion() == 0 || !isKey(key)) {
      return response(HttpResponseStatus.BAD_REQUEST);
    }
    String offered =
        String.join(",", request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
    Handshake handshake = new Handshake(plan, settings);
    HttpResponse response = handshake.response(request, key, offered);
    boolean disagreed =
        plan.subprotocol().isPresent()
            && !offered.replace(',', ' ').isBlank()
            && handshake.selectedSubprotocol() == null;
    if (disagreed) {
      return response(HttpResponseStatus.BAD_REQUEST);
    }
    chosen(request)
        .ifPresent(
            compression ->
                response
                    .headers()
                    .set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, compression.answer()));
    return response;
  }

  private Optional<WsCompression> chosen(HttpRequest request) {
    return settings.webSocketCompression()
        ? WsCompression.chosen(
            String.join(",", request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)))
        : Optional.empty();
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static HttpResponse response(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public ServerPhase takeOver(ServerConnection connection, ServerPlan plan, HttpRequest request) {
    return new ServerWsPhase(connection, new WsTerms(plan.textFrames(), settings, chosen(request)));
  }

  /** The codec's handshake, of which the listener sends the answer. */
  private static final class Handshake extends WebSocketServerHandshaker13 {

    Handshake(ServerPlan plan, TransportSettings settings) {
      super("", plan.subprotocol().orElse(null), false, settings.frameBytes());
    }

    HttpResponse response(HttpRequest request, String key, String offered) {
      HttpHeaders headers =
          request
              .headers()
              .copy()
              .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
              .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key)
              .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, offered);
      FullHttpResponse response =
          newHandshakeResponse(
              new DefaultFullHttpRequest(
                  request.protocolVersion(),
                  request.method(),
                  request.uri(),
                  Unpooled.EMPTY_BUFFER,
                  headers,
                  EmptyHttpHeaders.INSTANCE),
              null);
      HttpResponse answer = response.replace(Unpooled.EMPTY_BUFFER);
      response.release();
      return answer;
    }
  }
}
