package io.securestreams.reactor.transport.http;

import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.util.NetUtil;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.RequestPlan;
import java.net.CookieManager;
import java.net.CookieStore;
import java.net.HttpCookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The cookies of one stream type, in memory. Netty reads them, the JDK's store keeps them, replaces
 * them, lets them expire and knows domains and Secure; the JDK's own reader and {@code
 * CookieManager} are of the time before RFC 6265 and take a path for a mere prefix. Safe from any
 * thread. Source: RFC 6265 section 5, {@code http_cookies}.
 */
final class CookieJar {

  /** More cookies make the oldest ones leave. Source: RFC 6265 section 6.1 asks for 50 at least. */
  private static final int MOST = 300;

  private static final String COOKIE = "cookie";

  private final CookieStore store = new CookieManager().getCookieStore();

  /** The headers of a plan with the cookies that match it. */
  List<Header> addTo(RequestPlan plan) {
    String cookies = matching(plan);
    if (cookies.isEmpty()) {
      return plan.headers();
    }
    List<Header> headers = new ArrayList<>(plan.headers().size() + 1);
    String own = "";
    for (Header header : plan.headers()) {
      if (header.name().equalsIgnoreCase(COOKIE)) {
        own = header.value() + "; ";
      } else {
        headers.add(header);
      }
    }
    headers.add(new Header(COOKIE, own + cookies));
    return headers;
  }

  private String matching(RequestPlan plan) {
    String path = path(plan);
    return store.get(uri(plan)).stream()
        .filter(cookie -> covers(cookie.getPath(), path))
        .sorted(Comparator.comparingInt((HttpCookie cookie) -> -cookie.getPath().length()))
        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  /** Keeps what a response sets. */
  void keep(RequestPlan plan, ResponseHead head) {
    for (String line : head.values("set-cookie")) {
      Cookie cookie = ClientCookieDecoder.LAX.decode(line);
      if (cookie != null && isAcceptable(cookie, plan.target().host())) {
        store.add(uri(plan), kept(cookie, plan));
        if (store.getCookies().size() > MOST) {
          store.remove(null, store.getCookies().get(0));
        }
      }
    }
  }

  /** A cookie is for the host that sets it, or for a domain that it is in. */
  private static boolean isAcceptable(Cookie cookie, String host) {
    String domain = domain(cookie);
    return domain.isEmpty()
        || domain.equalsIgnoreCase(host)
        || (domain.indexOf('.') > 0
            && !isAddress(host)
            && host.toLowerCase(Locale.ROOT).endsWith("." + domain.toLowerCase(Locale.ROOT)));
  }

  private static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  private static String domain(Cookie cookie) {
    String domain = cookie.domain() == null ? "" : cookie.domain();
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }

  private static HttpCookie kept(Cookie cookie, RequestPlan plan) {
    HttpCookie kept = new HttpCookie(cookie.name(), cookie.value());
    kept.setVersion(0);
    kept.setPath(
        cookie.path() != null && cookie.path().startsWith("/")
            ? cookie.path()
            : folder(path(plan)));
    kept.setSecure(cookie.isSecure());
    if (cookie.maxAge() != Cookie.UNDEFINED_MAX_AGE) {
      kept.setMaxAge(Math.max(0, cookie.maxAge()));
    }
    String domain = domain(cookie);
    if (domain.indexOf('.') > 0 && !isAddress(domain)) {
      kept.setDomain("." + domain);
    }
    return kept;
  }

  /** Source: RFC 6265 section 5.1.4. */
  private static String folder(String path) {
    int last = path.lastIndexOf('/');
    return last <= 0 ? "/" : path.substring(0, last);
  }

  private static boolean covers(String cookiePath, String path) {
    return path.equals(cookiePath)
        || (path.startsWith(cookiePath)
            && (cookiePath.endsWith("/") || path.charAt(cookiePath.length()) == '/'));
  }

  private static String path(RequestPlan plan) {
    int query = plan.path().indexOf('?');
    return query < 0 ? plan.path() : plan.path().substring(0, query);
  }

  /** What the store tells hosts and Secure by. */
  private static URI uri(RequestPlan plan) {
    boolean secure = plan.target().tls().isPresent();
    return URI.create((secure ? "https://" : "http://") + plan.target().authority() + "/");
  }
}
