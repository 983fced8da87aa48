package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a request over HTTP/2 or HTTP/3.
 *
 * @param headers with the pseudo headers
 */
public record ServerMultiplexedHead(Headers<CharSequence, CharSequence, ?> headers)
    implements ServerRequestHead {

  private static final AsciiString METHOD = AsciiString.cached(":method");
  private static final AsciiString SCHEME = AsciiString.cached(":scheme");
  private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
  private static final AsciiString PATH = AsciiString.cached(":path");
  private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  private static final AsciiString TE = HttpHeaderNames.TE;

  private static final List<AsciiString> CONNECTION_SPECIFIC =
      List.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  @Override
  public String method() {
    return text(METHOD);
  }

  @Override
  public String target() {
    return text(PATH);
  }

  private String text(AsciiString name) {
    CharSequence value = headers.get(name);
    return value == null ? "" : value.toString();
  }

  @Override
  public List<String> values(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    List<String> values = headers.getAll(name).stream().map(CharSequence::toString).toList();
    if (values.size() > 1 && HttpHeaderNames.COOKIE.contentEquals(name)) {
      // Crumbs of one line. Source: RFC 9113 section 8.2.3.
      return List.of(String.join("; ", values));
    }
    boolean named = !values.isEmpty() || !HttpHeaderNames.HOST.contentEquals(name);
    return named ? values : headers.getAll(AUTHORITY).stream().map(CharSequence::toString).toList();
  }

  /** The protocol that is asked for in place of http; empty if none is. Source: RFC 8441. */
  public String protocol() {
    return text(PROTOCOL);
  }

  /**
   * Looks whether the head is malformed, beyond what the codec looks at.
   *
   * @param tunnels whether our settings offer other protocols
   * @return one clause, or empty if it is well formed. Source: RFC 9113 section 8.3.1
   */
  public Optional<String> flaw(boolean tunnels) {
    for (AsciiString name : CONNECTION_SPECIFIC) {
      if (headers.contains(name)) {
        return Optional.of("has a header " + name);
      }
    }
    if (headers.contains(TE) && !headers.getAll(TE).stream().allMatch("trailers"::contentEquals)) {
      return Optional.of("has a te other than trailers");
    }
    boolean extended = headers.contains(PROTOCOL);
    if (extended && !tunnels) {
      return Optional.of("asks for a protocol, which the settings do not offer");
    }
    if (headers.getAll(METHOD).size() != 1 || method().isEmpty()) {
      return Optional.of("has no method, or two");
    }
    boolean connect = HttpMethod.CONNECT.name().equals(method());
    if (extended && (!connect || protocol().isEmpty() || headers.getAll(PROTOCOL).size() != 1)) {
      return Optional.of("asks for a protocol without a CONNECT, or for none, or for two");
    }
    boolean bare = connect && !extended;
    int expected = bare ? 0 : 1;
    if (headers.getAll(SCHEME).size() != expected || headers.getAll(PATH).size() != expected) {
      return Optional.of("has scheme or path " + (bare ? "of a CONNECT" : "not once"));
    }
    if (!bare && target().isEmpty()) {
      return Optional.of("has an empty path");
    }
    if (headers.getAll(AUTHORITY).size() > 1 || headers.getAll(HttpHeaderNames.HOST).size() > 1) {
      return Optional.of("has more than one authority");
    }
    return Optional.empty();
  }

  /**
   * Looks whether what follows a body is malformed.
   *
   * @param trailers a head after the body
   */
  public static boolean isTrailer(Headers<CharSequence, CharSequence, ?> trailers) {
    for (Map.Entry<CharSequence, CharSequence> header : trailers) {
      if (header.getKey().length() == 0 || header.getKey().charAt(0) == ':') {
        return false;
      }
    }
    return true;
  }
}
