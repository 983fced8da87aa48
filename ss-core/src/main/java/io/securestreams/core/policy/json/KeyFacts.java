package io.securestreams.core.policy.json;

/**
 * What is known of a key of the policy language.
 *
 * @param section the objects that may have it
 * @param key its spelling
 * @param value what it may be set to
 * @param side whom it concerns
 * @param scope the protocols it concerns
 * @param support what this version does with it
 * @param alias a spelling that the reference's README uses instead; empty if there is none
 */
record KeyFacts(
    KeySection section,
    String key,
    KeyValue value,
    KeySide side,
    KeyScope scope,
    Support support,
    String alias) {

  /** A key of the document. */
  static KeyFacts policy(String key, KeyValue value, Support support) {
    return general(KeySection.POLICY, key, value, support);
  }

  /** A key of a retry scheme. */
  static KeyFacts retry(String key, KeyValue value, Support support) {
    return general(KeySection.RETRY, key, value, support);
  }

  /** A key of a trust store. */
  static KeyFacts store(String key, KeyValue value, Support support) {
    return general(KeySection.TRUST_STORE, key, value, support);
  }

  /** A key of an authentication scheme. */
  static KeyFacts auth(String key, KeyValue value, Support support) {
    return general(KeySection.AUTH, key, value, support);
  }

  /** A key of a metrics report. */
  static KeyFacts metric(String key, KeyValue value, Support support) {
    return general(KeySection.METRIC, key, value, support);
  }

  /** A key of stream types that connect. */
  static KeyFacts client(String key, KeyValue value, KeyScope scope, Support support) {
    return new KeyFacts(KeySection.STREAM, key, value, KeySide.CLIENT, scope, support, "");
  }

  /** A key of stream types that listen. */
  static KeyFacts server(String key, KeyValue value, KeyScope scope, Support support) {
    return new KeyFacts(KeySection.STREAM, key, value, KeySide.SERVER, scope, support, "");
  }

  /** A key of all stream types. */
  static KeyFacts both(String key, KeyValue value, KeyScope scope, Support support) {
    return new KeyFacts(KeySection.STREAM, key, value, KeySide.BOTH, scope, support, "");
  }

  /** The same key with an alias. */
  KeyFacts also(String spelling) {
    return new KeyFacts(section, key, value, side, scope, support, spelling);
  }

  private static KeyFacts general(KeySection section, String key, KeyValue value, Support support) {
    return new KeyFacts(section, key, value, KeySide.BOTH, KeyScope.ANY, support, "");
  }
}
