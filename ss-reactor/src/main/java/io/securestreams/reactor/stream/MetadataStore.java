package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.MetadataException;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  MetadataStore(StreamType type) {
    this.type = type;
  }

  /** What is declared changed; values of names that are not declared any more are forgotten. */
  synchronized void adopt(StreamType changed) {
    type = changed;
    if (values != null) {
      values.keySet().removeIf(name -> !changed.declares(name));
    }
  }

  synchronized void set(String name, String value) {
    requireDeclared(name);
    writable().put(name, value);
  }

  synchronized void set(String name, Supplier<String> value) {
    requireDeclared(name);
    writable()
        .put(
            name,
            Mono.fromSupplier(value)
                .switchIfEmpty(
                    Mono.error(() -> new NullPointerException("the supplier gave null"))));
  }

  synchronized void set(String name, Mono<String> value) {
    requireDeclared(name);
    writable().put(name, value);
  }

  /** Takes over what a peer gave; names the policy does not declare are readable too. */
  synchronized void receive(List<MetadataValue> received) {
    for (MetadataValue value : received) {
      writable().put(value.name(), value.value());
    }
  }

  synchronized Optional<String> get(String name) {
    Object value = values == null ? null : values.get(name);
    if (value == null && !isImplicit(name)) {
      requireDeclared(name);
    }
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  synchronized void clear() {
    values = null;
  }

  /** The values as headers, for the names that were set since the given ones were received. */
  synchronized List<Header> headersBeside(List<MetadataValue> received) {
    if (values == null) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    for (MetadataDeclaration declaration : type.metadata()) {
      if (declaration.header().isPresent()
          && values.get(declaration.name()) instanceof String text
          && !received.contains(new MetadataValue(declaration.name(), text))) {
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
