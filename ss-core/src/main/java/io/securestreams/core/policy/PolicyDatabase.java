package io.securestreams.core.policy;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole policy, immutable, with every reference resolved. All maps keep the order of the text.
 *
 * @param release the policy's own version, for people. Source: {@code release}
 * @param product what the policy is for, for people. Source: {@code product}
 * @param schemaVersion 1. Source: {@code schema-version}
 * @param proxy what clients connect through that do not say otherwise. Source: {@code via-socks5}
 * @param retrySchemes by name. Source: {@code retry}
 * @param certificates certificates and private keys by name. Source: {@code certs}
 * @param trustStores by name. Source: {@code trust_stores}
 * @param authSchemes by name. Source: {@code auth}
 * @param metricPolicies by name. Source: {@code metrics}
 * @param streamTypes by name. Source: {@code s}
 */
public record PolicyDatabase(
    Optional<String> release,
    Optional<String> product,
    int schemaVersion,
    Optional<SocksProxy> proxy,
    Map<String, RetryScheme> retrySchemes,
    Map<String, CertificateEntry> certificates,
    Map<String, TrustStore> trustStores,
    Map<String, AuthScheme> authSchemes,
    Map<String, MetricPolicy> metricPolicies,
    Map<String, StreamType> streamTypes) {

  /** Copies the maps. */
  public PolicyDatabase {
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(product, "product");
    Objects.requireNonNull(proxy, "proxy");
    retrySchemes = Copies.ordered(retrySchemes);
    certificates = Copies.ordered(certificates);
    trustStores = Copies.ordered(trustStores);
    authSchemes = Copies.ordered(authSchemes);
    metricPolicies = Copies.ordered(metricPolicies);
    streamTypes = Copies.ordered(streamTypes);
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
