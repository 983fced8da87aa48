package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final PlanText texts;
  private final TargetPlanner targets;

  /** Declarations that can become header lines, the last declared first. */
  private final List<MetadataDeclaration> mapped;

  /** One request's head. */
  record Head(Target target, String path, List<Header> headers) {}

  HeadPlanner(StreamType type, TargetPlanner targets) {
    this.type = type;
    this.texts = new PlanText(type);
    this.targets = targets;
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
    if (!targets.isConstant() || !type.http().url().isConstant()) {
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

  Head head(AttemptRequest request) {
    TargetPlanner.Place place = targets.place(request);
    Map<String, String> metadata = request.metadata();
    Target target = place.target();
    String path =
        place.path().isPresent()
            ? path(place.path().get(), type.endpoint().orElseThrow())
            : path(texts.fill(type.http().url(), "http_url", metadata), type.http().url());
    return new Head(target, path, headers(target, metadata));
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
      throw texts.fail(
          FailureKind.PLAN,
          "the path made from \""
              + source
              + "\" has "
              + RequestText.describe(path.charAt(bad))
              + " at offset "
              + bad
              + "; percent-encode it"
              + PlanText.wayOut(source));
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
      throw texts.fail(
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
      throw texts.fail(
          FailureKind.PLAN,
          "metadata \""
              + declaration.name()
              + "\" maps to host, which the endpoint decides; change the endpoint");
    }
    if (!RequestText.isToken(name)) {
      throw texts.fail(
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
}
