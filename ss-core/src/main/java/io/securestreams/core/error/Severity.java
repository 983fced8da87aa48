package io.securestreams.core.error;

/** How much a {@link Finding} matters. */
public enum Severity {
  /** The document cannot be used. */
  ERROR,
  /** The document can be used, but probably does not say what was meant. */
  WARNING
}
