package io.securestreams.core.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole policy, immutable, with every reference resolved. All maps keep the order of the text.
 *
 * @param release the policy's own version, for people. Source: {@code release}
 * @param product what the policy is for, for people. Source: {@code product}
 * @param schemaVersion 1. Source: {@code schema-version}
 * @param retrySchemes by name. Source: {@code retry}
 * @param certificates certificates and private keys by name. Source: {@code certs}
 * @param trustStores by name. Source: {@code trust_stores}
 * @param streamTypes by name. Source: {@code s}
 */
public record PolicyDatabase(
    Optional<String> release,
    Optional<String> product,
    int schemaVersion,
    Map<String, RetryScheme> retrySchemes,
    Map<String, CertificateEntry> certificates,
    Map<String, TrustStore> trustStores,
    Map<String, StreamType> streamTypes) {

  /** Copies the maps. */
  public PolicyDatabase {
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(product, "product");
    retrySchemes = Collections.unmodifiableMap(new LinkedHashMap<>(retrySchemes));
    certificates = Collections.unmodifiableMap(new LinkedHashMap<>(certificates));
    trustStores = Collections.unmodifiableMap(new LinkedHashMap<>(trustStores));
    streamTypes = Collections.unmodifiableMap(new LinkedHashMap<>(streamTypes));
  }

  /**
   * Looks a stream type up, exactly and case-sensitively.
   *
   * @param name the stream type
   */
  public Optional<StreamType> streamType(String name) {
    return Optional.ofNullable(streamTypes.get(name));
  }

  /**
   * Looks a retry scheme up, exactly and case-sensitively.
   *
   * @param name the scheme
   */
  public Optional<RetryScheme> retryScheme(String name) {
    return Optional.ofNullable(retrySchemes.get(name));
  }
}
