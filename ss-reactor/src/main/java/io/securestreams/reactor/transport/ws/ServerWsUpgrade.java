package io.securestreams.reactor.transport.ws;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import io.netty.util.AsciiString;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.server.ServerConnection;
import io.securestreams.reactor.transport.http.server.ServerMultiplexedHead;
import io.securestreams.reactor.transport.http.server.ServerPhase;
import io.securestreams.reactor.transport.http.server.ServerRequestHead;
import io.securestreams.reactor.transport.http.server.ServerSingleHead;
import io.securestreams.reactor.transport.http.server.ServerUpgrade;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Accepts WebSockets of version 13, at any path, on a connection or on a stream of one; without
 * extensions, or with compression if that is switched on. Source: RFC 6455 section 4.2, RFC 8441
 * section 5.
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
  public String protocol() {
    return HttpHeaderValues.WEBSOCKET.toString();
  }

  @Override
  public Answer answer(ServerMultiplexedHead head, ServerPlan plan) {
    if (!head.values(HttpHeaderNames.SEC_WEBSOCKET_VERSION.toString()).equals(List.of(VERSION))) {
      return refusal(header(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION));
    }
    Handshake handshake = new Handshake(plan, settings);
    String offered =
        String.join(",", head.values(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL.toString()));
    Optional<String> subprotocol = handshake.chosen(offered);
    if (subprotocol.isEmpty() && isDisagreement(plan, offered)) {
      return refusal();
    }
    List<Header> headers = new ArrayList<>(2);
    subprotocol.ifPresent(
        chosen -> headers.add(header(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, chosen)));
    chosen(head)
        .ifPresent(
            compression ->
                headers.add(
                    header(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, compression.answer())));
    return new Answer(HttpResponseStatus.OK.code(), headers, BodyPlan.CHUNKED);
  }

  private static Answer refusal(Header... headers) {
    return new Answer(HttpResponseStatus.BAD_REQUEST.code(), List.of(headers), BodyPlan.NONE);
  }

  private static Header header(AsciiString name, String value) {
    return new Header(name.toString(), value);
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
    if (handshake.selectedSubprotocol() == null && isDisagreement(plan, offered)) {
      return response(HttpResponseStatus.BAD_REQUEST);
    }
    chosen(new ServerSingleHead(request))
        .ifPresent(
            compression ->
                response
                    .headers()
                    .set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, compression.answer()));
    return response;
  }

  /** Whether it is a fault that none of the offered subprotocols was chosen. */
  private static boolean isDisagreement(ServerPlan plan, String offered) {
    return plan.subprotocol().isPresent() && !offered.replace(',', ' ').isBlank();
  }

  private Optional<WsCompression> chosen(ServerRequestHead request) {
    return settings.webSocketCompression()
        ? WsCompression.chosen(
            String.join(",", request.values(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS.toString())))
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
  public ServerPhase takeOver(
      ServerConnection connection, Channel channel, ServerPlan plan, ServerRequestHead request) {
    return new ServerWsPhase(
        connection, channel, new WsTerms(plan.textFrames(), settings, chosen(request)));
  }

  /** The codec's handshake, of which the listener sends the answer. */
  private static final class Handshake extends WebSocketServerHandshaker13 {

    Handshake(ServerPlan plan, TransportSettings settings) {
      super("", plan.subprotocol().orElse(null), false, settings.frameBytes());
    }

    /** The first of the offered subprotocols that the plan has, too. */
    Optional<String> chosen(String offered) {
      return Optional.ofNullable(offered.isBlank() ? null : selectSubprotocol(offered));
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
