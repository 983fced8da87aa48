package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Where the connections of one stream type go, and how. */
final class TargetPlanner {

  private static final String FILE = "file://";
  private static final String UNIX = "+";

  private final StreamType type;
  private final PlanText texts;
  private final Template endpoint;
  private final Route route;
  private final Optional<TlsPlan> tls;
  private final Optional<IdentityPlanner> identity;

  /**
   * One connection's place.
   *
   * @param target where to connect to
   * @param path path and query as written in the endpoint, if there are any
   */
  record Place(Target target, Optional<String> path) {}

  TargetPlanner(StreamType type) {
    this.type = type;
    this.texts = new PlanText(type);
    this.endpoint = type.endpoint().orElse(Template.parse(""));
    this.route = new Route(type.proxy(), type.ip());
    // HTTP/3 has no form without TLS.
    this.tls =
        (type.protocol() == Protocol.H3 ? Optional.of(type.tlsSettings()) : type.tls())
            .map(TlsSettings::trustStore)
            .map(TlsPlan::new);
    this.identity =
        type.tls().map(TlsSettings::clientCertificate).stream()
            .flatMapToInt(slot -> slot.stream())
            .mapToObj(slot -> new IdentityPlanner(slot, texts))
            .findFirst();
  }

  /** True if every attempt goes to the same place in the same way. */
  boolean isConstant() {
    return endpoint.isConstant() && identity.isEmpty();
  }

  /**
   * The file that is read instead of connecting to anything.
   *
   * @throws LinkException of kind PLAN if the endpoint is a file URL without an absolute path
   */
  Optional<Path> file(Map<String, String> metadata) {
    String text = texts.fill(endpoint, "endpoint", metadata);
    if (!text.startsWith(FILE)) {
      return Optional.empty();
    }
    String path = text.substring(FILE.length());
    if (!path.startsWith("/")) {
      throw unusable("is no file:///absolute/path");
    }
    checkCharacters(path);
    try {
      Path file = Path.of(path);
      boolean climbs =
          StreamSupport.stream(file.spliterator(), false).anyMatch(part -> part.endsWith(".."));
      if (climbs && !endpoint.isConstant()) {
        throw unusable("has \"..\" in its path");
      }
      return Optional.of(file);
    } catch (InvalidPathException e) {
      throw unusable("has a path that this system does not know: " + e.getReason());
    }
  }

  /**
   * Where to connect to.
   *
   * @throws LinkException of kind PLAN or POLICY if the endpoint names no peer, of kind AUTH if the
   *     client has to show a certificate that it does not have
   */
  Place place(AttemptRequest request) {
    String text = texts.fill(endpoint, "endpoint", request.metadata());
    if (text.startsWith(UNIX)) {
      return new Place(
          new Target(unix(text.substring(UNIX.length())), identified(tls, request), Route.DIRECT),
          Optional.empty());
    }
    EndpointUrl url = url(text);
    int port = url.port().orElse(type.port());
    if (port == 0) {
      throw texts.fail(
          FailureKind.PLAN, "there is no port; write it in the endpoint or in \"port\"");
    }
    boolean secure = tls.isPresent() && url.security() != EndpointUrl.Security.OFF;
    if (!secure && type.protocol() == Protocol.H3) {
      throw texts.fail(
          FailureKind.POLICY, "the endpoint's scheme excludes TLS, which h3 has always; use https");
    }
    if (!secure && url.security() == EndpointUrl.Security.REQUIRED) {
      throw texts.fail(
          FailureKind.POLICY,
          "the endpoint's scheme asks for TLS, which the policy does not; set \"tls\" to true");
    }
    Optional<TlsPlan> used = secure ? identified(tls, request) : Optional.empty();
    return new Place(new Target(new Address.Network(url.host(), port), used, route), url.path());
  }

  private Address unix(String name) {
    checkCharacters(name);
    Address.Unix.problem(name)
        .ifPresent(
            problem -> {
              throw unusable(problem);
            });
    return new Address.Unix(name);
  }

  private void checkCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw unusable("has " + RequestText.describe(text.charAt(i)) + " at offset " + i);
      }
    }
  }

  private EndpointUrl url(String text) {
    try {
      return EndpointUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private Optional<TlsPlan> identified(Optional<TlsPlan> plan, AttemptRequest request) {
    return identity.isEmpty()
        ? plan
        : plan.map(
            anonymous ->
                new TlsPlan(
                    anonymous.trustStore(),
                    identity.map(planner -> planner.identity(request.blobs()))));
  }

  private LinkException unusable(String problem) {
    return texts.fail(
        FailureKind.PLAN, "endpoint \"" + endpoint + "\" " + problem + PlanText.wayOut(endpoint));
  }
}
