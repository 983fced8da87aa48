package io.securestreams.core.policy.json;

/** What an item of an array is. */
sealed interface ItemShape {

  /**
   * A plain value.
   *
   * @param value what it may be
   */
  record Plain(KeyValue value) implements ItemShape {}

  /**
   * An object with a fixed set of keys.
   *
   * @param section the keys
   */
  record Entry(KeySection section) implements ItemShape {}

  /**
   * An object whose members are definitions, each an object with a fixed set of keys.
   *
   * @param names what a definition may be called
   * @param section the keys of a definition
   */
  record Definitions(TextForm names, KeySection section) implements ItemShape {}

  /**
   * An object whose members are pairs of a name and a plain value.
   *
   * @param names what a member may be called
   * @param value what it may be set to
   */
  record Pairs(TextForm names, KeyValue value) implements ItemShape {}

  /** Plain values. */
  static ItemShape plain(KeyValue value) {
    return new Plain(value);
  }

  /** Objects with the keys of a section. */
  static ItemShape entries(KeySection section) {
    return new Entry(section);
  }

  /** Objects that define names. */
  static ItemShape definitions(TextForm names, KeySection section) {
    return new Definitions(names, section);
  }

  /** Objects that map names to plain values. */
  static ItemShape pairs(TextForm names, KeyValue value) {
    return new Pairs(names, value);
  }
}
