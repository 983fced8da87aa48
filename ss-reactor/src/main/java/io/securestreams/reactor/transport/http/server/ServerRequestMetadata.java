package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The metadata that a request sets: {@code method}, {@code path} without the query as sent, {@code
 * auth}, and the other declared names from the url's arguments or else from the header they map to.
 * Source: {@code metadata}.
 */
final class ServerRequestMetadata {

  private static final String AUTHORIZATION = HttpHeaderNames.AUTHORIZATION.toString();
  private static final Set<String> ALWAYS = Set.of("method", "path", "auth");

  private final List<MetadataDeclaration> declared;

  /** Metadata for the declarations of a listener. */
  ServerRequestMetadata(List<MetadataDeclaration> declarations) {
    declared =
        declarations.stream().filter(declaration -> !ALWAYS.contains(declaration.name())).toList();
  }

  /**
   * The values that a request sets; names that it does not set are left out.
   *
   * @param request head of a request
   */
  List<MetadataValue> of(HttpRequest request) {
    return of(new ServerSingleHead(request));
  }

  /**
   * The values that a request sets; names that it does not set are left out.
   *
   * @param request head of a request
   */
  List<MetadataValue> of(ServerRequestHead request) {
    String target = originForm(request.target());
    int query = target.indexOf('?');
    List<MetadataValue> values = new ArrayList<>(3 + declared.size());
    values.add(new MetadataValue("method", request.method()));
    values.add(new MetadataValue("path", query < 0 ? target : target.substring(0, query)));
    List<String> authorization = request.values(AUTHORIZATION);
    if (!authorization.isEmpty()) {
      values.add(new MetadataValue("auth", authorization.get(0)));
    }
    if (!declared.isEmpty()) {
      addDeclared(values, request, query < 0 ? Map.of() : arguments(target));
    }
    return values;
  }

  private void addDeclared(
      List<MetadataValue> values, ServerRequestHead request, Map<String, List<String>> arguments) {
    for (MetadataDeclaration declaration : declared) {
      List<String> argument = arguments.getOrDefault(declaration.name(), List.of());
      if (!argument.isEmpty()) {
        values.add(new MetadataValue(declaration.name(), argument.get(0)));
      } else if (declaration.header().isPresent()) {
        List<String> lines = request.values(declaration.header().get());
        if (!lines.isEmpty()) {
          values.add(new MetadataValue(declaration.name(), String.join(", ", lines)));
        }
      }
    }
  }

  private static Map<String, List<String>> arguments(String target) {
    try {
      return new QueryStringDecoder(target).parameters();
    } catch (IllegalArgumentException e) {
      // A broken percent escape: there are no arguments that could be trusted.
      return Map.of();
    }
  }

  /** A request to a proxy names scheme and host, too. Source: RFC 9112 section 3.2.2. */
  private static String originForm(String target) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    for (int i = scheme + 3; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return target.substring(i);
      }
      if (c == '?' || c == '#') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }
}
