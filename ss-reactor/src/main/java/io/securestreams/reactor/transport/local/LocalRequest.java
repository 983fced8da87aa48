package io.securestreams.reactor.transport.local;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ServerPlan;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server learns of a request: method, path, url arguments, headers. */
final class LocalRequest {

  private LocalRequest() {}

  static List<MetadataValue> metadata(String method, RequestPlan plan, ServerPlan server) {
    int query = plan.path().indexOf('?');
    List<MetadataValue> values = new ArrayList<>();
    values.add(new MetadataValue("method", method));
    values.add(
        new MetadataValue("path", query < 0 ? plan.path() : plan.path().substring(0, query)));
    header(plan, "authorization").ifPresent(value -> values.add(new MetadataValue("auth", value)));
    for (MetadataDeclaration declaration : server.metadata()) {
      argument(plan.path(), query, declaration.name())
          .or(() -> declaration.header().flatMap(name -> header(plan, name)))
          .ifPresent(value -> values.add(new MetadataValue(declaration.name(), value)));
    }
    return values;
  }

  private static Optional<String> argument(String path, int query, String name) {
    if (query < 0) {
      return Optional.empty();
    }
    for (String pair : path.substring(query + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).equals(name)) {
        return Optional.of(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> header(RequestPlan plan, String name) {
    for (Header header : plan.headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }
}
