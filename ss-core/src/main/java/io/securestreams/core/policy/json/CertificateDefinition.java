package io.securestreams.core.policy.json;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.trust.DerObject;

/**
 * An accepted entry of {@code certs}.
 *
 * @param entry the bytes by name
 * @param object what the bytes are
 */
record CertificateDefinition(CertificateEntry entry, DerObject object) {}
