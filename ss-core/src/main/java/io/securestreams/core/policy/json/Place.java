package io.securestreams.core.policy.json;

/**
 * Where in a text something is: by path for people, by offset for line and column.
 *
 * @param path from the root
 * @param offset in chars of the text
 * @param origin what it is about, if that is not the text itself
 */
record Place(JsonPath path, int offset, Origin origin) {

  /** A place that is about the text itself. */
  Place(JsonPath path, int offset) {
    this(path, offset, Origin.TEXT);
  }

  /** The same place for something that does not stand there. */
  Place about(Origin other) {
    return new Place(path, offset, other);
  }

  /** The item of an array that is here. */
  Place item(int index, JsonValue value) {
    return new Place(path.item(index), value.offset());
  }

  /** The name of a member of the object that is here. */
  Place key(JsonValue.Member member) {
    return new Place(path.member(member.name()), member.offset());
  }

  /** The value of a member of the object that is here. */
  Place value(JsonValue.Member member) {
    return new Place(path.member(member.name()), member.value().offset());
  }
}
