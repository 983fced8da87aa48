package io.securestreams.core.policy;

import java.util.List;
import java.util.Objects;

/**
 * A named set of certificate authorities. Source: policy key {@code trust_stores[]}.
 *
 * @param name the name that {@code s[].*.tls_trust_store} and {@code client_trust_store} refer to
 * @param stack the authorities, in order; nothing else is trusted beside them
 */
public record TrustStore(String name, List<CertificateEntry> stack) {

  /** Copies the stack. */
  public TrustStore {
    Objects.requireNonNull(name, "name");
    stack = List.copyOf(stack);
  }
}
