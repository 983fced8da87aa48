package io.securestreams.core.plan;

import io.securestreams.core.policy.TrustStore;
import java.util.Objects;
import java.util.Optional;

/**
 * How the peer of a client is verified. The host name is always verified.
 *
 * @param trustStore exactly the authorities to trust; empty means the platform's
 */
public record TlsPlan(Optional<TrustStore> trustStore) {

  /** Checks the component. */
  public TlsPlan {
    Objects.requireNonNull(trustStore, "trustStore");
  }
}
