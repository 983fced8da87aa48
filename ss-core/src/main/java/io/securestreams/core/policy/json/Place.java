package io.securestreams.core.policy.json;

/**
 * Where in a text something is: by path for people, by offset for line and column.
 *
 * @param path from the root
 * @param offset in chars of the text
 */
record Place(JsonPath path, int offset) {

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
