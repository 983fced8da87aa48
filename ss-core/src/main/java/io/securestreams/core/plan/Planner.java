package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream type, and what an attempt adds to it, into a plan with no names left to look up.
 *
 * <p>{@code ${name}} is filled verbatim, then an endpoint of the form {@code
 * [scheme://]host[:port][/path][?query]} is taken apart. As in the reference, the schemes http, ws
 * and mqtt switch TLS off; unlike there, https and wss need {@code "tls": true}, a missing port
 * leaves the policy's {@code port} unless the scheme has one, and a missing path leaves {@code
 * http_url}. The headers of a plan are {@code pragma}, {@code cache-control} and {@code origin} as
 * the reference sends them over h1 and ws, the content type of forms and multipart bodies,
 * credentials, and every set metadata item that maps to a header, which wins over them. A text that
 * could split the request fails the attempt.
 *
 * <p>Immutable and safe from any thread. Source: {@code lws_ss_client_connect}, {@code
 * secstream_h1}.
 */
public final class Planner {

  /** Headers that prove who asks, wherever they come from. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");

  private static final Set<Protocol> SERVED =
      Set.of(Protocol.H1, Protocol.H2, Protocol.H3, Protocol.WS, Protocol.RAW);

  private final StreamType type;
  private final TargetPlanner targets;
  private final HeadPlanner heads;
  private final ResponseRules rules;
  private final String method;
  private final BodyRules bodies;
  private final Set<Trait> traits;
  private final Optional<String> lengthName;
  private final List<FormPart> parts;

  /** Why there is no chain of parts; null if there is one, or need not be. */
  @Nullable private final LinkException partsFault;

  /** The plan of an attempt to which metadata adds nothing; null if there is no such plan. */
  @Nullable private final ClientPlan constant;

  private Planner(StreamType type, Function<String, Optional<StreamType>> streamTypes) {
    this.type = Objects.requireNonNull(type, "type");
    this.targets = new TargetPlanner(type);
    this.heads = new HeadPlanner(type, targets);
    this.rules = rules(type);
    this.method = type.http().method().orElse("");
    this.bodies = BodyRules.of(type, method);
    this.traits = Traits.of(type);
    this.lengthName =
        type.metadata().stream()
            .filter(declaration -> declaration.header().equals(Optional.of("content-length")))
            .map(MetadataDeclaration::name)
            .findFirst();
    List<FormPart> found = List.of();
    LinkException fault = null;
    try {
      found = FormParts.of(type, streamTypes);
    } catch (LinkException e) {
      fault = e;
    }
    this.parts = found;
    this.partsFault = fault;
    this.constant = constantPlan();
  }

  /**
   * A planner that works out once what does not change between attempts. A stream type that no plan
   * can be made for fails at {@link #client(AttemptRequest)}.
   *
   * @param type any stream type
   * @param streamTypes finds by name the stream types whose payload rides with its own
   */
  public static Planner of(StreamType type, Function<String, Optional<StreamType>> streamTypes) {
    return new Planner(type, streamTypes);
  }

  /**
   * A planner of a stream type that needs no other.
   *
   * @param type any stream type
   */
  public static Planner of(StreamType type) {
    return of(type, name -> Optional.empty());
  }

  /** The parts that the body of a request has, in order; none if it is not multipart. */
  public List<FormPart> parts() {
    return parts;
  }

  /**
   * Plans one attempt of a client.
   *
   * @param type the stream type
   * @param request what this attempt adds
   * @throws LinkException as {@link #client(AttemptRequest)}
   */
  public static ClientPlan client(StreamType type, AttemptRequest request) {
    return of(type).client(request);
  }

  /**
   * Plans one attempt of a client.
   *
   * @param request what this attempt adds
   * @return the same object each time if the request adds nothing
   * @throws LinkException of kind PLAN if metadata or message make an impossible request, of kind
   *     POLICY if only a change of the policy helps
   */
  public ClientPlan client(AttemptRequest request) {
    boolean same = request.form().isEmpty() && isConstantWithout(request.metadata());
    if (constant == null || !same) {
      return plan(request);
    }
    if (constant instanceof HttpPlan http) {
      BodyPlan body = body(request);
      return body.equals(http.body()) ? http : http.withBody(body);
    }
    return constant;
  }

  private boolean isConstantWithout(Map<String, String> metadata) {
    return type.protocol() == Protocol.RAW
        ? targets.isConstant()
        : heads.isConstantWithout(metadata);
  }

  private ClientPlan plan(AttemptRequest request) {
    if (type.side() != Side.CLIENT) {
      throw policy(type, "is no client; open it with serve(), or remove \"server\"");
    }
    Optional<Path> file = targets.file(request.metadata());
    if (file.isPresent()) {
      return new FilePlan(type.name(), file.get());
    }
    checkProtocol();
    return switch (type.protocol()) {
      case RAW -> new RawPlan(type.name(), targets.place(request).target(), traits);
      case WS -> ws(request);
      case H1, H2, H3, MQTT -> http(request);
    };
  }

  /**
   * Plans a listener.
   *
   * @param type the stream type
   * @throws LinkException of kind POLICY if it cannot be served
   */
  public static ServerPlan server(StreamType type) {
    if (type.side() == Side.LOCAL_SINK) {
      return sink(type);
    }
    if (type.side() != Side.SERVER) {
      throw policy(type, "is no server; set \"server\" to true");
    }
    Protocol protocol = type.protocol();
    if (!SERVED.contains(protocol)) {
      throw policy(type, "cannot serve " + protocol.key() + "; use h1, h2, h3, ws or raw");
    }
    Optional<String> host = boundTo(type);
    return new ServerPlan(
        type.name(),
        protocol,
        host,
        type.port(),
        type.tls().map(tls -> identity(type, tls)),
        type.ws(),
        type.metadata(),
        type.http().contentLength(),
        type.ip());
  }

  private static Optional<String> boundTo(StreamType type) {
    String endpoint = type.endpoint().map(Template::text).orElse("");
    if (endpoint.startsWith("!")) {
      throw policy(
          type,
          "cannot attach to \""
              + endpoint.substring(1)
              + "\": there are no hosts beside the policy's; name an interface, an address or a"
              + " Unix socket");
    }
    if (endpoint.startsWith("+")) {
      Address.Unix.problem(endpoint.substring(1))
          .ifPresent(
              problem -> {
                throw policy(type, "endpoint \"" + endpoint + "\" " + problem);
              });
      return Optional.of(endpoint);
    }
    try {
      return Optional.of(EndpointUrl.unbracketed(endpoint)).filter(host -> !host.isEmpty());
    } catch (IllegalArgumentException e) {
      throw policy(type, "endpoint \"" + endpoint + "\" " + e.getMessage());
    }
  }

  /** Nothing is bound for a sink: streams of the same process find it by its name. */
  private static ServerPlan sink(StreamType type) {
    return new ServerPlan(
        type.name(),
        Protocol.RAW,
        Optional.empty(),
        0,
        Optional.empty(),
        type.ws(),
        type.metadata(),
        type.http().contentLength());
  }

  private static ServerPlan.Identity identity(StreamType type, TlsSettings tls) {
    if (tls.serverCertificate().isEmpty() || tls.serverKey().isEmpty()) {
      throw policy(type, "serves TLS without certificate or key; name server_cert and server_key");
    }
    return new ServerPlan.Identity(
        tls.serverCertificate().get(), tls.serverKey().get(), tls.clientTrustStore());
  }

  private static ResponseRules rules(StreamType type) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (MetadataDeclaration declaration : type.metadata()) {
      String header = declaration.header().orElse("");
      if (!header.isEmpty()) {
        headers.putIfAbsent(header, declaration.name());
      }
    }
    boolean ws = type.protocol() == Protocol.WS;
    boolean direct = type.http().flags().contains(HttpSettings.Flag.DIRECT_HEADERS);
    return new ResponseRules(
        ws ? 0 : type.http().expect(),
        ws ? Map.of() : type.http().responseMap(),
        headers,
        direct && !ws ? ResponseRules.Unmapped.READABLE : ResponseRules.Unmapped.DROPPED,
        redirects(type));
  }

  private static Optional<RedirectRules> redirects(StreamType type) {
    if (!type.http().flags().contains(HttpSettings.Flag.ALLOW_REDIRECTS)) {
      return Optional.empty();
    }
    Set<String> credentials = new HashSet<>(CREDENTIALS);
    type.auth().header().ifPresent(credentials::add);
    return Optional.of(new RedirectRules(credentials, type.tlsSettings().trustStore()));
  }

  @Nullable
  private ClientPlan constantPlan() {
    if (!isConstantWithout(Map.of())) {
      return null;
    }
    try {
      return plan(AttemptRequest.EMPTY);
    } catch (LinkException e) {
      return null; // made again, and thrown, at every attempt
    }
  }

  private WsPlan ws(AttemptRequest request) {
    HeadPlanner.Head head = heads.head(request);
    return new WsPlan(
        type.name(),
        head.target(),
        head.path(),
        head.headers(),
        type.ws().subprotocol(),
        type.ws().frames(),
        rules,
        traits);
  }

  private HttpPlan http(AttemptRequest request) {
    HeadPlanner.Head head = heads.head(request);
    return new HttpPlan(
        type.name(),
        head.target(),
        WireChoice.of(type, head.target()),
        method,
        head.path(),
        head.headers(),
        body(request),
        rules,
        traits);
  }

  private BodyPlan body(AttemptRequest request) {
    return bodies.plan(
        request, lengthName.map(name -> request.metadata().get(name))); // null becomes empty
  }

  private void checkProtocol() {
    if (partsFault != null) {
      throw new LinkException(partsFault.kind(), String.valueOf(partsFault.getMessage()));
    }
    boolean http = type.protocol().isTransactional();
    if (!http && type.protocol() != Protocol.WS && type.protocol() != Protocol.RAW) {
      throw policy(
          type, "cannot speak " + type.protocol().key() + " yet; use h1, h2, h3, ws or raw");
    }
    if (http && !RequestText.isToken(method)) {
      throw policy(type, "has no usable http_method; write one such as GET or POST");
    }
    if (type.ws().subprotocol().isPresent() && !isTokenList(type.ws().subprotocol().get())) {
      throw policy(type, "has a ws_subprotocol that is no name; correct it");
    }
  }

  /** Several subprotocols may be offered, separated by commas. */
  private static boolean isTokenList(String text) {
    return List.of(text.split(",", -1)).stream().map(String::strip).allMatch(RequestText::isToken);
  }

  private static LinkException policy(StreamType type, String problem) {
    return new LinkException(FailureKind.POLICY, "stream type \"" + type.name() + "\" " + problem);
  }
}
