package io.securestreams.reactor.transport.http;

import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.spi.Answer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The heads of requests and responses of HTTP/2 and HTTP/3. */
public final class MultiplexedHeads {

  private static final AsciiString METHOD = AsciiString.cached(":method");
  private static final AsciiString SCHEME = AsciiString.cached(":scheme");
  private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
  private static final AsciiString PATH = AsciiString.cached(":path");
  private static final AsciiString STATUS = AsciiString.cached(":status");
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private static final int STATUS_DIGITS = 3;

  private MultiplexedHeads() {}

  /**
   * Adds the head of a request: pseudo headers, then those of the plan in lower case.
   *
   * @param headers an empty collection
   * @param plan is known to be sendable
   * @return the collection
   */
  public static <H extends Headers<CharSequence, CharSequence, H>> H request(
      H headers, HttpPlan plan) {
    headers.add(METHOD, plan.method());
    headers.add(SCHEME, plan.target().tls().isPresent() ? HTTPS : HTTP);
    headers.add(AUTHORITY, plan.target().authority());
    headers.add(PATH, plan.path());
    for (Header header : plan.headers()) {
      AsciiString name = AsciiString.of(header.name()).toLowerCase();
      if (!ClientHeads.belongsToConnection(name)) {
        headers.add(name, ClientHeads.sendable(header));
      }
    }
    BodyPlan body = plan.body();
    if (body.kind() == BodyPlan.Kind.LENGTH || ClientHeads.isEmptyWhereBodiesAreUsual(plan)) {
      headers.addLong(HttpHeaderNames.CONTENT_LENGTH, body.length());
    }
    return headers;
  }

  /**
   * Adds the head of an answer: its status, then its headers in lower case.
   *
   * @param headers an empty collection
   * @param answer what to send
   * @return the collection
   * @throws IllegalArgumentException if a header can't be sent
   */
  public static <H extends Headers<CharSequence, CharSequence, H>> H answer(
      H headers, Answer answer) {
    headers.addInt(STATUS, answer.status());
    for (Header header : answer.headers()) {
      AsciiString name = AsciiString.of(header.name()).toLowerCase();
      if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) >= 0) {
        throw new IllegalArgumentException("\"" + name + "\" is no name of a header");
      }
      if (!ClientHeads.belongsToConnection(name)
          && !HttpHeaderNames.CONTENT_LENGTH.contentEquals(name)) {
        headers.add(name, ClientHeads.sendable(header));
      }
    }
    BodyPlan body = answer.body();
    boolean lengthless =
        body.kind() == BodyPlan.Kind.CHUNKED
            || answer.status() == HttpResponseStatus.NO_CONTENT.code()
            || (answer.status() == HttpResponseStatus.NOT_MODIFIED.code()
                && body.kind() == BodyPlan.Kind.NONE);
    return lengthless ? headers : headers.addLong(HttpHeaderNames.CONTENT_LENGTH, body.length());
  }

  /**
   * The status code of a response.
   *
   * @return 100..999, or 0 if there is no valid one
   */
  public static int status(Headers<CharSequence, CharSequence, ?> headers) {
    CharSequence text = headers.get(STATUS);
    if (text == null || text.length() != STATUS_DIGITS) {
      return 0;
    }
    int status = 0;
    for (int i = 0; i < STATUS_DIGITS; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      status = status * 10 + digit - '0';
    }
    return status < 100 ? 0 : status;
  }

  /** True if another head follows. */
  public static boolean interim(int status) {
    return status >= 100 && status < 200;
  }

  /** The head of a final response. */
  public static ResponseHead head(int status, Headers<CharSequence, CharSequence, ?> headers) {
    return new Head(status, headers);
  }

  private record Head(int status, Headers<CharSequence, CharSequence, ?> headers)
      implements ResponseHead {

    @Override
    public Set<String> names() {
      return headers.names().stream()
          .map(CharSequence::toString)
          .filter(name -> !name.startsWith(":"))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public List<String> values(String name) {
      return headers.getAll(name).stream().map(CharSequence::toString).toList();
    }
  }
}
