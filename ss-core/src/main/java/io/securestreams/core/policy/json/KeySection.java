package io.securestreams.core.policy.json;

/** The kinds of object in a policy that have a fixed set of keys. */
enum KeySection {
  /** The document itself. */
  POLICY,
  /** {@code retry[].*}. */
  RETRY,
  /** {@code trust_stores[]}. */
  TRUST_STORE,
  /** {@code auth[]}. */
  AUTH,
  /** {@code metrics[]}. */
  METRIC,
  /** {@code s[].*}. */
  STREAM
}
