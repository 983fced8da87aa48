package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The header lines of the requests of one stream type: those of the reference, credentials,
 * metadata, then what was set by its own name. A line that metadata sets wins over one that is made
 * up here. Host, framing and connection are left to the transport.
 */
final class RequestHeaders {

  static final String CONTENT_LENGTH = "content-length";

  private static final String CONTENT_TYPE = "content-type";
  private static final String FORM = "application/x-www-form-urlencoded";

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
  private final boolean form;
  private final boolean direct;

  /** The reference adds lines of its own to h1 only. */
  private final CredentialHeaders credentials;

  /** Declarations that can become header lines, the last declared first. */
  private final List<MetadataDeclaration> mapped;

  RequestHeaders(StreamType type) {
    this.type = type;
    this.texts = new PlanText(type);
    this.form = type.http().flags().contains(HttpSettings.Flag.FORM_URLENCODED);
    this.direct = type.http().flags().contains(HttpSettings.Flag.DIRECT_HEADERS);
    this.credentials = CredentialHeaders.of(type);
    List<MetadataDeclaration> headers = new ArrayList<>();
    for (MetadataDeclaration declaration : type.metadata()) {
      String header = declaration.header().orElse("");
      if (!header.isEmpty() && isSent(header)) {
        headers.add(0, declaration);
      }
    }
    this.mapped = List.copyOf(headers);
  }

  private static boolean isSent(String header) {
    return !header.equals(CONTENT_LENGTH) && !CONNECTION_HEADERS.contains(header);
  }

  /** True if neither metadata nor blobs change the lines. */
  boolean areConstantWithout(Map<String, String> metadata) {
    if (!credentials.isEmpty()) {
      return false;
    }
    if (!metadata.isEmpty()) {
      if (direct) {
        return false;
      }
      for (MetadataDeclaration declaration : mapped) {
        if (metadata.containsKey(declaration.name())) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The lines of one request.
   *
   * @param target where it goes
   * @param request what the attempt adds
   * @throws LinkException of kind PLAN or POLICY if a line cannot be sent
   */
  List<Header> of(Target target, AttemptRequest request) {
    List<Header> set = set(request.metadata());
    List<Header> headers = new ArrayList<>(set.size() + 4);
    if (WireChoice.of(type, target) == HttpWire.H1) {
      addUnlessSet(headers, new Header("pragma", "no-cache"), set);
      addUnlessSet(headers, new Header("cache-control", "no-cache"), set);
      addUnlessSet(headers, new Header("origin", origin(target)), set);
    }
    if (request.form().isPresent()) {
      headers.add(multipart(request.form().get(), set));
    } else if (form) {
      addUnlessSet(headers, new Header(CONTENT_TYPE, FORM), set);
    }
    for (Header credential : credentials.of(request.blobs())) {
      addUnlessSet(headers, credential, set);
    }
    headers.addAll(set);
    return headers;
  }

  /** The value of {@code origin} for a target. */
  static String origin(Target target) {
    return (target.tls().isPresent() ? "https://" : "http://") + target.authority();
  }

  private static void addUnlessSet(List<Header> headers, Header header, List<Header> set) {
    if (!isSet(set, header.name())) {
      headers.add(header);
    }
  }

  private static boolean isSet(List<Header> set, String name) {
    for (Header header : set) {
      if (header.name().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** The peer takes the parts apart by this line: no other can stand in its place. */
  private Header multipart(MultipartForm form, List<Header> set) {
    if (isSet(set, CONTENT_TYPE)) {
      throw texts.fail(
          FailureKind.PLAN,
          "metadata sets content-type, which \"http_multipart_name\" decides; unset it");
    }
    return new Header(CONTENT_TYPE, form.contentType());
  }

  /** What metadata sets, then what is set by its own name. */
  private List<Header> set(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>(metadata.size());
    for (MetadataDeclaration declaration : mapped) {
      String value = metadata.get(declaration.name());
      if (value != null) {
        String name = declaration.header().orElseThrow();
        headers.add(header(declaration.name(), name, value));
      }
    }
    if (direct) {
      for (String key : new TreeSet<>(metadata.keySet())) {
        if (!type.declares(key)) {
          headers.add(header(key, directName(key), metadata.getOrDefault(key, "")));
        }
      }
    }
    return headers;
  }

  private String directName(String key) {
    String name = key.endsWith(":") ? key.substring(0, key.length() - 1) : key;
    if (!isSent(name.toLowerCase(Locale.ROOT))) {
      throw texts.fail(
          FailureKind.PLAN, "header " + name + " was set, which the connection decides; unset it");
    }
    return name;
  }

  private Header header(String metadata, String name, String value) {
    int bad = RequestText.badInHeader(value);
    if (bad >= 0) {
      throw texts.fail(
          FailureKind.PLAN,
          "metadata \""
              + metadata
              + "\" has "
              + RequestText.describe(value.charAt(bad))
              + " at offset "
              + bad
              + ", which header "
              + name
              + " cannot carry; set another value");
    }
    if (name.equalsIgnoreCase("host")) {
      throw texts.fail(
          FailureKind.PLAN,
          "metadata \""
              + metadata
              + "\" maps to host, which the endpoint decides; change the endpoint");
    }
    if (!RequestText.isToken(name)) {
      throw texts.fail(
          FailureKind.POLICY,
          "metadata \""
              + metadata
              + "\" maps to \""
              + name
              + "\", which is no header name; correct the policy");
    }
    return new Header(name, value);
  }
}
