package io.securestreams.reactor.transport.ws;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.transport.http.ClientHeads;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The opening handshake of a client. Source: RFC 6455, 4.1. */
final class ClientWsUpgrade {

  private static final String VERSION = "13";
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int NONCE_BYTES = 16;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final WsPlan plan;
  private final HttpHeaders headers;
  private final String key;

  /**
   * Prepares the request.
   *
   * @throws IllegalArgumentException if the plan holds something that cannot be sent
   */
  ClientWsUpgrade(WsPlan plan) {
    this.plan = plan;
    byte[] nonce = new byte[NONCE_BYTES];
    ThreadLocalRandom.current().nextBytes(nonce);
    this.key = Base64.getEncoder().encodeToString(nonce);
    this.headers = ClientHeads.request(plan);
    headers
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key)
        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
        .remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
    plan.subprotocol().ifPresent(name -> headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, name));
  }

  FullHttpRequest request() {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        HttpMethod.GET,
        plan.path(),
        Unpooled.EMPTY_BUFFER,
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  /**
   * What is wrong with a final answer.
   *
   * @return the failure, or empty if the connection is a WebSocket now
   */
  Optional<LinkSignal.Failed> refusal(HttpResponse response, Clock clock) {
    int status = response.status().code();
    Optional<String> objection =
        status == SWITCHING_PROTOCOLS
            ? objection(response)
            : Optional.of("answered the upgrade with status " + status);
    long wait =
        status == SERVICE_UNAVAILABLE || status == TOO_MANY_REQUESTS
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
    if (!answer.contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || !answer.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return Optional.of("switched to something else than a WebSocket");
    }
    if (!accept().equals(answer.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))) {
      return Optional.of("accepted the WebSocket with a wrong key");
    }
    if (!answer.get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, "").isBlank()) {
      return Optional.of("chose a WebSocket extension that was not offered");
    }
    String chosen = answer.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    return chosen == null || offered(chosen.trim())
        ? Optional.empty()
        : Optional.of("chose the subprotocol \"" + chosen + "\", which was not offered");
  }

  /** The policy may name several, separated by commas. */
  private boolean offered(String chosen) {
    for (String name : plan.subprotocol().orElse("").split(",")) {
      if (!chosen.isEmpty() && name.trim().equals(chosen)) {
        return true;
      }
    }
    return false;
  }

  private String accept() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
