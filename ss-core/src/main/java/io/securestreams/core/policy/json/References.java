package io.securestreams.core.policy.json;

import io.securestreams.core.policy.AuthScheme;
import io.securestreams.core.policy.MetricPolicy;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.TrustStore;

/**
 * Everything in a policy that has a name.
 *
 * @param schemes of {@code retry}
 * @param certificates of {@code certs}
 * @param stores of {@code trust_stores}
 * @param auths of {@code auth}
 * @param metrics of {@code metrics}
 * @param streamTypes of {@code s}
 */
record References(
    Names<RetryScheme> schemes,
    Names<CertificateDefinition> certificates,
    Names<TrustStore> stores,
    Names<AuthScheme> auths,
    Names<MetricPolicy> metrics,
    Names<StreamDraft> streamTypes) {

  static References empty(Findings findings) {
    return new References(
        new Names<>("retry scheme", findings),
        new Names<>("certificate", findings),
        new Names<>("trust store", findings),
        new Names<>("auth", findings),
        new Names<>("metric policy", findings),
        new Names<>("streamtype", findings));
  }
}
