package io.securestreams.reactor.transport.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ResponseRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the heads of http and WebSocket requests, and of their responses, have in common. */
public final class ClientHeads {

  /** A longer number of seconds is not believed. */
  private static final int MAX_SECONDS_DIGITS = 8;

  private static final AsciiString ORIGIN_HTTP = AsciiString.cached("http://");
  private static final AsciiString ORIGIN_HTTPS = AsciiString.cached("https://");

  private static final Set<AsciiString> CONNECTION_HEADERS =
      Set.of(
          HttpHeaderNames.HOST,
          HttpHeaderNames.CONTENT_LENGTH,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.TE,
          HttpHeaderNames.UPGRADE,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"));

  private static final Set<String> MEANT_TO_HAVE_BODY = Set.of("POST", "PUT", "PATCH");

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

  /**
   * Looks whether a request can be sent at all.
   *
   * @throws IllegalArgumentException if the method, a header's name or its value cannot
   */
  static void requireSendable(HttpPlan plan) {
    HttpMethod.valueOf(plan.method());
    for (Header header : plan.headers()) {
      if (HttpHeaderValidationUtil.validateToken(header.name()) >= 0) {
        throw new IllegalArgumentException("\"" + header.name() + "\" is no header name");
      }
      sendable(header);
    }
  }

  /** The request headers of an h1 transaction, framing included. */
  static HttpHeaders framed(HttpPlan plan) {
    HttpHeaders headers = request(plan);
    switch (plan.body().kind()) {
      case LENGTH -> headers.set(HttpHeaderNames.CONTENT_LENGTH, plan.body().length());
      case CHUNKED -> headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      case NONE -> {
        if (isEmptyWhereBodiesAreUsual(plan)) {
          headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
      }
    }
    return headers;
  }

  /** True if the absence of a body is worth a word. Source: RFC 9110 section 8.6. */
  static boolean isEmptyWhereBodiesAreUsual(HttpPlan plan) {
    return plan.body().kind() == BodyPlan.Kind.NONE && MEANT_TO_HAVE_BODY.contains(plan.method());
  }

  /**
   * True for headers that HTTP/2 and HTTP/3 do not have, or say in another way. Source: RFC 9113
   * section 8.2.2.
   *
   * @param name in lower case
   */
  static boolean belongsToConnection(AsciiString name) {
    return CONNECTION_HEADERS.contains(name);
  }

  /** Everything but line breaks and NUL is sent as it is, text beyond ASCII as UTF-8. */
  static CharSequence sendable(Header header) {
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
    return metadata(rules, head(0, headers));
  }

  /**
   * The metadata that a response sets: what is mapped, then all headers under their own names with
   * a colon behind, if they are to be readable.
   *
   * @param rules which headers are mapped
   * @param head of the response
   */
  static List<MetadataValue> metadata(ResponseRules rules, ResponseHead head) {
    List<MetadataValue> mapped = rules.metadata(head::joined);
    if (rules.unmapped() == ResponseRules.Unmapped.DROPPED) {
      return mapped;
    }
    List<MetadataValue> all = new ArrayList<>(mapped);
    for (String name : head.names()) {
      String value = head.joined(name);
      if (value != null) {
        all.add(new MetadataValue(name + ":", value));
      }
    }
    return all;
  }

  /**
   * A response's head as h1 has it.
   *
   * @param status the status code
   * @param headers of the response
   */
  public static ResponseHead head(int status, HttpHeaders headers) {
    return new Head(status, headers);
  }

  private record Head(int status, HttpHeaders headers) implements ResponseHead {

    @Override
    public Set<String> names() {
      return headers.names().stream()
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public List<String> values(String name) {
      return headers.getAll(name);
    }
  }

  /**
   * How long a response asks to wait.
   *
   * @param headers of the response
   * @param clock is asked if the response has no date of its own
   * @return ms, 0 if it does not ask. Source: RFC 9110, 10.2.3
   */
  public static long retryAfterMs(HttpHeaders headers, Clock clock) {
    return retryAfterMs(head(0, headers), clock);
  }

  static long retryAfterMs(ResponseHead head, Clock clock) {
    String value = head.joined("retry-after");
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
    String dated = head.joined("date");
    Date from = dated == null ? null : DateFormatter.parseHttpDate(dated);
    return Math.max(0, until.getTime() - (from == null ? clock.millis() : from.getTime()));
  }
}
