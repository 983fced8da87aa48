package io.securestreams.core.plan;

import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.ClientIdentity;
import java.util.Objects;
import java.util.Optional;

/**
 * How the peer of a client is verified, and what the client proves. The host name is always
 * verified.
 *
 * @param trustStore exactly the authorities to trust; empty means the platform's
 * @param identity what the client shows if it is asked
 */
public record TlsPlan(Optional<TrustStore> trustStore, Optional<ClientIdentity> identity) {

  /** Checks the components. */
  public TlsPlan {
    Objects.requireNonNull(trustStore, "trustStore");
    Objects.requireNonNull(identity, "identity");
  }

  /**
   * Without a client certificate.
   *
   * @param trustStore exactly the authorities to trust; empty means the platform's
   */
  public TlsPlan(Optional<TrustStore> trustStore) {
    this(trustStore, Optional.empty());
  }
}
