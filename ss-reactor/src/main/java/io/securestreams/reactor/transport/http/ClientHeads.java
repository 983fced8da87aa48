package io.securestreams.reactor.transport.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ResponseRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the heads of http and WebSocket requests, and of their responses, have in common. */
public final class ClientHeads {

  /** A longer number of seconds is not believed. */
  private static final int MAX_SECONDS_DIGITS = 8;

  private static final AsciiString ORIGIN_HTTP = AsciiString.cached("http://");
  private static final AsciiString ORIGIN_HTTPS = AsciiString.cached("https://");

  /** Netty's check of values refuses more than must be: a leading blank, for one. */
  private static final HttpHeadersFactory NAMES_CHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValueValidation(false);

  private ClientHeads() {}

  /**
   * The request headers of a plan, beside framing and upgrade.
   *
   * <p>{@code pragma}, {@code cache-control} and {@code origin} are added as the reference does,
   * unless the plan has its own. {@code user-agent}, {@code accept} and {@code accept-encoding} are
   * never added.
   *
   * @param plan whose headers
   * @throws IllegalArgumentException if a header's name or value cannot be sent
   */
  public static HttpHeaders request(RequestPlan plan) {
    HttpHeaders headers = NAMES_CHECKED.newHeaders();
    AsciiString host = AsciiString.of(plan.target().authority());
    headers.add(HttpHeaderNames.HOST, host);
    for (Header header : plan.headers()) {
      if (!framing(header.name())) {
        headers.add(header.name(), sendable(header));
      }
    }
    if (!headers.contains(HttpHeaderNames.PRAGMA)) {
      headers.add(HttpHeaderNames.PRAGMA, HttpHeaderValues.NO_CACHE);
    }
    if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
      headers.add(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    }
    if (!headers.contains(HttpHeaderNames.ORIGIN)) {
      headers.add(
          HttpHeaderNames.ORIGIN,
          (plan.target().tls().isPresent() ? ORIGIN_HTTPS : ORIGIN_HTTP).concat(host));
    }
    return headers;
  }

  /** Everything but line breaks and NUL is sent as it is, text beyond ASCII as UTF-8. */
  private static CharSequence sendable(Header header) {
    String value = header.value();
    boolean ascii = true;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException(
            "the value of header \"" + header.name() + "\" has a line break or NUL");
      }
      ascii &= c < 0x80;
    }
    return ascii ? value : new AsciiString(value.getBytes(StandardCharsets.UTF_8), false);
  }

  private static boolean framing(String name) {
    return HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
  }

  /**
   * The metadata that a response sets.
   *
   * @param rules which headers are mapped
   * @param headers of the response
   */
  public static List<MetadataValue> metadata(ResponseRules rules, HttpHeaders headers) {
    return rules.metadata(name -> joined(headers, name));
  }

  private static @Nullable String joined(HttpHeaders headers, String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? null : String.join(", ", values);
  }

  /**
   * How long a response asks to wait.
   *
   * @param headers of the response
   * @param clock is asked if the response has no date of its own
   * @return ms, 0 if it does not ask. Source: RFC 9110, 10.2.3
   */
  public static long retryAfterMs(HttpHeaders headers, Clock clock) {
    String value = headers.get(HttpHeaderNames.RETRY_AFTER);
    if (value == null) {
      return 0;
    }
    String text = value.trim();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text.length() <= MAX_SECONDS_DIGITS ? Long.parseLong(text) * 1000 : 0;
    }
    Date until = DateFormatter.parseHttpDate(text);
    if (until == null) {
      return 0;
    }
    String dated = headers.get(HttpHeaderNames.DATE);
    Date from = dated == null ? null : DateFormatter.parseHttpDate(dated);
    return Math.max(0, until.getTime() - (from == null ? clock.millis() : from.getTime()));
  }
}
