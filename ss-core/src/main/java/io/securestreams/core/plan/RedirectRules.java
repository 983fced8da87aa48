package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.TrustStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a redirect makes of a request. 301, 302 and 303 ask for a GET without body, 307 and 308 for
 * the same again. A redirect from https to http is refused. Credentials are for the host and port
 * that they were meant for; the step to https on the same host is the exception. Source: RFC 9110
 * section 15.4, {@code allow_redirects}.
 *
 * @param credentials names of the headers that no other host may see, in lower case
 * @param trustStore exactly the authorities to trust where a redirect leads to TLS; empty means the
 *     platform's
 */
public record RedirectRules(Set<String> credentials, Optional<TrustStore> trustStore) {

  /** So many redirects are followed in one attempt. Source: the reference's limit. */
  public static final int MOST = 4;

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** From here on a redirect asks for the same request again. */
  private static final int SAME_AGAIN = 307;

  /** What {@code java.net.URI} refuses although servers send it, and requests may have it. */
  private static final String TOLERATED = "\"<>\\^`{|}";

  /** Copies the set. */
  public RedirectRules {
    credentials = Set.copyOf(credentials);
    Objects.requireNonNull(trustStore, "trustStore");
  }

  /**
   * The request that a redirect asks for.
   *
   * @param plan the request that was answered
   * @param status 301, 302, 303, 307 or 308
   * @param location the header's value, possibly none
   * @throws LinkException of kind PROTOCOL if it must not be followed
   */
  public HttpPlan next(HttpPlan plan, int status, Optional<String> location) {
    Leg leg = leg(plan, location);
    boolean same = repeatsBody(status) || plan.method().equals("HEAD");
    return new HttpPlan(
        plan.streamType(),
        leg.target(),
        plan.wire(),
        same ? plan.method() : "GET",
        leg.path(),
        headers(plan, leg.target(), !same),
        same ? plan.body() : BodyPlan.NONE,
        plan.rules(),
        plan.traits());
  }

  /**
   * The upgrade that a redirect asks for.
   *
   * @param plan the upgrade that was answered
   * @param location the header's value, possibly none
   * @throws LinkException of kind PROTOCOL if it must not be followed
   */
  public WsPlan next(WsPlan plan, Optional<String> location) {
    Leg leg = leg(plan, location);
    return new WsPlan(
        plan.streamType(),
        leg.target(),
        leg.path(),
        headers(plan, leg.target(), false),
        plan.subprotocol(),
        plan.frames(),
        plan.rules(),
        plan.traits());
  }

  /**
   * True if the redirect asks for the body again.
   *
   * @param status 301, 302, 303, 307 or 308
   */
  public static boolean repeatsBody(int status) {
    return status >= SAME_AGAIN;
  }

  private record Leg(Target target, String path) {}

  private Leg leg(RequestPlan plan, Optional<String> location) {
    String text =
        location.orElseThrow(() -> refused(plan, "it does not say where to, in \"location\""));
    URI uri = resolved(plan, text);
    String query = uri.getRawQuery();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return new Leg(
        target(plan, uri),
        (path.startsWith("/") ? path : "/" + path) + (query == null ? "" : "?" + query));
  }

  private static URI resolved(RequestPlan plan, String location) {
    try {
      URI base = new URI(RequestHeaders.origin(plan.target()) + escaped(plan.path()));
      String text = escaped(location.strip());
      // An empty path would make the last segment of the base vanish.
      return text.startsWith("?")
          ? new URI(base.getScheme() + "://" + base.getRawAuthority() + base.getRawPath() + text)
          : base.resolve(new URI(text));
    } catch (URISyntaxException e) {
      throw refused(plan, "its \"location\" is no URL");
    }
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (TOLERATED.indexOf(c) >= 0) {
        escaped.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private Target target(RequestPlan plan, URI uri) {
    Target from = plan.target();
    boolean secure = isSecure(plan, uri);
    if (from.tls().isPresent() && !secure) {
      throw refused(plan, "it leads from https to http");
    }
    if (uri.getRawUserInfo() != null) {
      throw refused(plan, "it has a user name");
    }
    if (uri.getHost() == null) {
      throw refused(plan, "it names no host");
    }
    String host = EndpointUrl.unbracketed(uri.getHost());
    int usual = secure ? HTTPS : HTTP;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    boolean sameHost = host.equalsIgnoreCase(from.host());
    boolean samePort = port == from.port() || (from.port() == 0 && port == usual);
    if (sameHost && samePort && secure == from.tls().isPresent()) {
      return from;
    }
    Optional<TlsPlan> tls =
        from.tls().isPresent() && sameHost && samePort
            ? from.tls()
            : Optional.of(new TlsPlan(from.tls().map(TlsPlan::trustStore).orElse(trustStore)));
    return new Target(
        new Address.Network(host, port), secure ? tls : Optional.empty(), from.route());
  }

  private static boolean isSecure(RequestPlan plan, URI uri) {
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "http", "ws" -> false;
      case "https", "wss" -> true;
      default -> throw refused(plan, "it leads to " + uri.getScheme() + ", which is no http");
    };
  }

  private List<Header> headers(RequestPlan plan, Target target, boolean loseBody) {
    Header origin = new Header("origin", RequestHeaders.origin(plan.target()));
    boolean trusted = mayKnow(plan.target(), target);
    List<Header> headers = new ArrayList<>(plan.headers().size());
    for (Header header : plan.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      boolean dropped =
          (!trusted && credentials.contains(name)) || (loseBody && name.startsWith("content-"));
      if (header.equals(origin)) {
        headers.add(new Header("origin", RequestHeaders.origin(target)));
      } else if (!dropped) {
        headers.add(header);
      }
    }
    return headers;
  }

  /** True if the one may see the credentials that were meant for the other. */
  private static boolean mayKnow(Target from, Target to) {
    boolean upgraded = from.tls().isEmpty() && from.port() == HTTP && to.port() == HTTPS;
    return from.host().equalsIgnoreCase(to.host()) && (from.port() == to.port() || upgraded);
  }

  private static LinkException refused(RequestPlan plan, String why) {
    String peer = plan.target().toString();
    return new LinkException(
        FailureKind.PROTOCOL, peer + " redirected the request, but " + why, peer, null);
  }
}
