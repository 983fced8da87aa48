package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.MetadataException;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.ReceivedMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The current metadata values of one stream; safe from any thread, empty ones cost nothing. */
final class MetadataStore {

  private StreamType type;

  /** Name to a {@code String}, or to the {@code Mono<String>} that gives one at each attempt. */
  @Nullable private Map<String, Object> values;

  /** Headers of the last response, by lower-case name; null if they are not readable. */
  @Nullable private Map<String, String> responseHeaders;

  /** Names whose value a peer gave. */
  @Nullable private Set<String> received;

  MetadataStore(StreamType type) {
    this.type = type;
  }

  /** What is declared changed; values of names that are not declared any more are forgotten. */
  synchronized void adopt(StreamType changed) {
    type = changed;
    if (values != null) {
      values.keySet().removeIf(name -> !changed.declares(name) && !isDirect());
    }
  }

  /** Sets a value; null unsets it. */
  synchronized void set(String name, @Nullable String value) {
    put(name, value);
  }

  synchronized void set(String name, Supplier<String> value) {
    put(
        name,
        Mono.fromSupplier(value)
            .switchIfEmpty(Mono.error(() -> new NullPointerException("the supplier gave null"))));
  }

  synchronized void set(String name, Mono<String> value) {
    put(name, value);
  }

  private void put(String name, @Nullable Object value) {
    String key = name;
    if (!type.declares(name)) {
      requireSettable(name);
      key = directKey(name);
      String other = key;
      if (values != null) {
        values.keySet().removeIf(other::equalsIgnoreCase);
      }
    }
    if (received != null) {
      received.remove(key);
    }
    if (value != null) {
      writable().put(key, value);
    } else if (values != null) {
      values.remove(key);
    }
  }

  /** Takes over what a peer gave; names the policy does not declare are readable too. */
  synchronized void receive(List<MetadataValue> given) {
    for (MetadataValue value : given) {
      if (isHeader(value)) {
        if (responseHeaders == null) {
          responseHeaders = new HashMap<>();
        }
        responseHeaders.put(value.name(), value.value());
      } else {
        writable().put(value.name(), value.value());
        if (received == null) {
          received = new HashSet<>(4);
        }
        received.add(value.name());
      }
    }
  }

  /** True if a value is a header under its own name, not declared metadata. */
  static boolean isHeader(MetadataValue value) {
    return value.name().endsWith(":");
  }

  synchronized Optional<String> get(String name) {
    Object value = values == null ? null : values.get(name);
    if (value == null && !type.declares(name) && isDirect()) {
      return header(directKey(name));
    }
    if (value == null && !isImplicit(name)) {
      requireDeclared(name);
    }
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** What the last response says, else what was set for requests. */
  private Optional<String> header(String key) {
    String answered =
        responseHeaders == null ? null : responseHeaders.get(key.toLowerCase(Locale.ROOT));
    if (answered != null || values == null) {
      return Optional.ofNullable(answered);
    }
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(key) && entry.getValue() instanceof String text) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  synchronized void clear() {
    values = null;
    received = null;
  }

  /**
   * A request begins: the headers of the last response are gone.
   *
   * @param kept whether metadata that a response set stays
   */
  synchronized void begin(ReceivedMetadata kept) {
    responseHeaders = null;
    if (kept == ReceivedMetadata.CLEARED && values != null && received != null) {
      values.keySet().removeAll(received);
      received = null;
    }
  }

  /** As headers, what was set here and not given by the peer. */
  synchronized List<Header> headersOfOurs() {
    if (values == null) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    for (MetadataDeclaration declaration : type.metadata()) {
      String name = declaration.name();
      if (declaration.header().isPresent()
          && values.get(name) instanceof String text
          && (received == null || !received.contains(name))) {
        headers.add(new Header(declaration.header().get(), text));
      }
    }
    return headers;
  }

  /** All values, if none has to be asked for. */
  synchronized Optional<Map<String, String>> now() {
    if (values == null) {
      return Optional.of(Map.of());
    }
    Map<String, String> known = new HashMap<>();
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      if (!(entry.getValue() instanceof String text)) {
        return Optional.empty();
      }
      known.put(entry.getKey(), text);
    }
    return Optional.of(known);
  }

  /** All values, each asked for once subscribed; an error names the value that failed. */
  Mono<Map<String, String>> resolve() {
    Map<String, Object> asked;
    synchronized (this) {
      asked = values == null ? Map.of() : new LinkedHashMap<>(values);
    }
    return Flux.fromIterable(asked.entrySet())
        .concatMap(
            entry ->
                entry.getValue() instanceof String text
                    ? Mono.just(Map.entry(entry.getKey(), text))
                    : ask(entry.getKey(), entry.getValue()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Mono<Map.Entry<String, String>> ask(String name, Object source) {
    return ((Mono<?>) source)
        .map(value -> Map.entry(name, (String) value))
        .onErrorMap(
            cause ->
                new LinkException(
                    FailureKind.PLAN,
                    "the value of metadata '"
                        + name
                        + "' of '"
                        + type.name()
                        + "' is not to be had",
                    null,
                    cause));
  }

  private Map<String, Object> writable() {
    if (values == null) {
      values = new LinkedHashMap<>(4);
    }
    return values;
  }

  /** What every http server stream knows of a request, declared or not. */
  private static boolean isImplicit(String name) {
    return name.equals("method") || name.equals("path") || name.equals("auth");
  }

  /** True if headers are set and read by their own names. Source: {@code direct_proto_str}. */
  private boolean isDirect() {
    return type.http().flags().contains(HttpSettings.Flag.DIRECT_HEADERS);
  }

  /** A header's own name, told from declared names by the colon behind it. */
  private static String directKey(String name) {
    return name.endsWith(":") ? name : name + ":";
  }

  private void requireSettable(String name) {
    if (!isDirect()) {
      requireDeclared(name);
    }
  }

  private void requireDeclared(String name) {
    if (!type.declares(name)) {
      throw new MetadataException(
          name,
          "stream type '"
              + type.name()
              + "' does not declare metadata '"
              + name
              + "'; declare it in its \"metadata\", which has "
              + type.metadata().stream().map(MetadataDeclaration::name).toList());
    }
  }
}
