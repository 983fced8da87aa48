package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Target, path and headers of the requests of one stream type. */
final class HeadPlanner {

  static final String CONTENT_LENGTH = "content-length";

  /** Belong to the connection; a response may fill them, a request never takes them from there. */
  private static final Set<String> CONNECTION_HEADERS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "sec-websocket-accept",
          "sec-websocket-extensions",
          "sec-websocket-key",
          "sec-websocket-protocol",
          "sec-websocket-version");

  private final StreamType type;
  private final Template endpoint;
  private final Optional<TlsPlan> tls;

  /** Declarations that can become header lines, the last declared first. */
  private final List<MetadataDeclaration> mapped;

  /** One request's head. */
  record Head(Target target, String path, List<Header> headers) {}

  HeadPlanner(StreamType type) {
    this.type = type;
    this.endpoint = type.endpoint().orElse(Template.parse(""));
    this.tls = type.tls().map(settings -> new TlsPlan(settings.trustStore()));
    List<MetadataDeclaration> headers = new ArrayList<>();
    for (MetadataDeclaration declaration : type.metadata()) {
      String header = declaration.header().orElse("");
      if (!header.isEmpty()
          && !header.equals(CONTENT_LENGTH)
          && !CONNECTION_HEADERS.contains(header)) {
        headers.add(0, declaration);
      }
    }
    this.mapped = List.copyOf(headers);
  }

  /** True if no metadata changes the head. */
  boolean isConstantWithout(Map<String, String> metadata) {
    if (!endpoint.isConstant() || !type.http().url().isConstant()) {
      return false;
    }
    if (!metadata.isEmpty()) {
      for (MetadataDeclaration declaration : mapped) {
        if (metadata.containsKey(declaration.name())) {
          return false;
        }
      }
    }
    return true;
  }

  Head head(Map<String, String> metadata) {
    EndpointUrl url = endpointUrl(fill(endpoint, "endpoint", metadata));
    int port = url.port().orElse(type.port());
    if (port == 0) {
      throw fail(FailureKind.PLAN, "there is no port; write it in the endpoint or in \"port\"");
    }
    boolean secure = tls.isPresent() && url.security() != EndpointUrl.Security.OFF;
    if (!secure && url.security() == EndpointUrl.Security.REQUIRED) {
      throw fail(
          FailureKind.POLICY,
          "the endpoint's scheme asks for TLS, which the policy does not; set \"tls\" to true");
    }
    Target target = new Target(url.host(), port, secure ? tls : Optional.empty());
    String path =
        url.path().isPresent()
            ? path(url.path().get(), endpoint)
            : path(fill(type.http().url(), "http_url", metadata), type.http().url());
    return new Head(target, path, headers(target, metadata));
  }

  private EndpointUrl endpointUrl(String text) {
    if (text.startsWith("file://") || text.startsWith("+")) {
      throw fail(
          FailureKind.POLICY,
          "endpoint \""
              + endpoint
              + "\" is a file or a Unix socket, which this version cannot open; name a host");
    }
    try {
      return EndpointUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw fail(
          FailureKind.PLAN, "endpoint \"" + endpoint + "\" " + e.getMessage() + wayOut(endpoint));
    }
  }

  /** Puts exactly one slash in front. */
  private String path(String text, Template source) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == '/') {
      from++;
    }
    String path = from == 1 ? text : "/" + text.substring(from);
    int bad = RequestText.badInPath(path);
    if (bad >= 0) {
      throw fail(
          FailureKind.PLAN,
          "the path made from \""
              + source
              + "\" has "
              + RequestText.describe(path.charAt(bad))
              + " at offset "
              + bad
              + "; percent-encode it"
              + wayOut(source));
    }
    return path;
  }

  private List<Header> headers(Target target, Map<String, String> metadata) {
    List<Header> headers = new ArrayList<>(mapped.size() + 3);
    addUnlessMapped(headers, "pragma", "no-cache", metadata);
    addUnlessMapped(headers, "cache-control", "no-cache", metadata);
    addUnlessMapped(headers, "origin", origin(target), metadata);
    for (MetadataDeclaration declaration : mapped) {
      String value = metadata.get(declaration.name());
      if (value != null) {
        headers.add(header(declaration, value));
      }
    }
    return headers;
  }

  private Header header(MetadataDeclaration declaration, String value) {
    String name = declaration.header().orElseThrow();
    int bad = RequestText.badInHeader(value);
    if (bad >= 0) {
      throw fail(
          FailureKind.PLAN,
          "metadata \""
              + declaration.name()
              + "\" has "
              + RequestText.describe(value.charAt(bad))
              + " at offset "
              + bad
              + ", which header "
              + name
              + " cannot carry; set another value");
    }
    if (name.equals("host")) {
      throw fail(
          FailureKind.PLAN,
          "metadata \""
              + declaration.name()
              + "\" maps to host, which the endpoint decides; change the endpoint");
    }
    if (!RequestText.isToken(name)) {
      throw fail(
          FailureKind.POLICY,
          "metadata \""
              + declaration.name()
              + "\" maps to \""
              + name
              + "\", which is no header name; correct the policy");
    }
    return new Header(name, value);
  }

  private void addUnlessMapped(
      List<Header> headers, String name, String value, Map<String, String> metadata) {
    for (MetadataDeclaration declaration : mapped) {
      if (declaration.header().orElse("").equals(name)
          && metadata.containsKey(declaration.name())) {
        return;
      }
    }
    headers.add(new Header(name, value));
  }

  private static String origin(Target target) {
    return (target.tls().isPresent() ? "https://" : "http://") + target.authority();
  }

  private String fill(Template template, String key, Map<String, String> metadata) {
    if (template.isConstant()) {
      return template.text();
    }
    for (String name : template.names()) {
      if (!type.declares(name)) {
        throw fail(
            FailureKind.POLICY,
            "${"
                + name
                + "} in "
                + key
                + " names no declared metadata; declare \""
                + name
                + "\" in \"metadata\"");
      }
    }
    return template.fill(name -> Optional.ofNullable(metadata.get(name)));
  }

  private static String wayOut(Template source) {
    return source.isConstant()
        ? "; correct the policy"
        : "; look at the metadata " + source.names();
  }

  private LinkException fail(FailureKind kind, String problem) {
    return new LinkException(kind, "stream type \"" + type.name() + "\": " + problem);
  }
}
