package io.securestreams.reactor.transport.ws;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ServerConnection;
import io.securestreams.reactor.transport.http.ServerPhase;
import io.securestreams.reactor.transport.http.ServerUpgrade;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Accepts WebSockets of version 13 without extensions, at any path. Source: RFC 6455 section 4.2.
 */
final class ServerWsUpgrade implements ServerUpgrade {

  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final TransportSettings settings;

  /**
   * An upgrade for any number of connections.
   *
   * @param settings limits of frames and messages
   */
  ServerWsUpgrade(TransportSettings settings) {
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
    List<String> offered = offered(request);
    Optional<String> agreed = plan.subprotocol().filter(offered::contains);
    if (plan.subprotocol().isPresent() && !offered.isEmpty() && agreed.isEmpty()) {
      return response(HttpResponseStatus.BAD_REQUEST);
    }
    HttpResponse response = response(HttpResponseStatus.SWITCHING_PROTOCOLS);
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
    agreed.ifPresent(name -> response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, name));
    return response;
  }

  private static List<String> offered(HttpRequest request) {
    List<String> names = new ArrayList<>();
    for (String line : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      for (String name : line.split(",", -1)) {
        if (!name.isBlank()) {
          names.add(name.trim());
        }
      }
    }
    return names;
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static HttpResponse response(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public ServerPhase takeOver(ServerConnection connection, ServerPlan plan) {
    ServerWsHandler handler = new ServerWsHandler(connection, plan, settings);
    connection
        .channel()
        .pipeline()
        .addLast(
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(settings.frameBytes())
                    .expectMaskedFrames(true)
                    .allowExtensions(false)
                    .closeOnProtocolViolation(false)
                    .withUTF8Validator(false)
                    .build()),
            handler);
    return handler;
  }
}
