package io.securestreams.core.policy.json;

import java.util.Locale;

/** The kinds of object in a policy that have a fixed set of keys. */
enum KeySection {
  /** The document itself. */
  POLICY("Secure Streams policy", "$"),
  /** {@code retry[].*}. */
  RETRY("Retry scheme", "retry[].<name>"),
  /** {@code trust_stores[]}. */
  TRUST_STORE("Trust store", "trust_stores[]"),
  /** {@code auth[]}. */
  AUTH("Authentication", "auth[]"),
  /** {@code metrics[]}. */
  METRIC("Metrics report", "metrics[]"),
  /** {@code s[].*}. */
  STREAM("Stream type", "s[].<name>");

  private final String title;
  private final String path;

  KeySection(String title, String path) {
    this.title = title;
    this.path = path;
  }

  /** What one object of it is called. */
  String title() {
    return title;
  }

  /** Where its objects stand in a policy. */
  String path() {
    return path;
  }

  /** Its name among the definitions of the schema. */
  String definition() {
    return name().toLowerCase(Locale.ROOT);
  }
}
