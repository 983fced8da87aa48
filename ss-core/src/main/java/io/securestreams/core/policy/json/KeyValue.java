package io.securestreams.core.policy.json;

import java.util.OptionalLong;

/** What a key may be set to: the type, the limits, and what stands for it when it is absent. */
sealed interface KeyValue {

  /** A flag; absent it is false. */
  KeyValue FLAG = new Flag();

  /** A text of any form. */
  KeyValue TEXT = new Text(TextForm.FREE, "");

  /** A number of bytes. */
  KeyValue BYTES = whole(0, Limits.U32, "bytes");

  /** A delay before a retry. */
  KeyValue DELAY = whole(0, Limits.U32, "ms");

  /** A status of HTTP, as a number. */
  Whole STATUS = whole(Limits.FIRST_STATUS, Limits.LAST_STATUS);

  /** A state that a status is reported as. */
  KeyValue STATE = new State();

  /** The name of a header, or nothing. */
  KeyValue HEADER = text(TextForm.HEADER_OR_EMPTY);

  /** A value that nobody looks at. */
  KeyValue ANYTHING = new Anything();

  /** Its JSON type. */
  ValueType type();

  /** {@code true} or {@code false}. */
  record Flag() implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.FLAG;
    }
  }

  /**
   * A number without fraction and exponent.
   *
   * @param min the least
   * @param max the greatest
   * @param unit what it counts; empty if it is only a number
   * @param absent the number that stands for it
   */
  record Whole(long min, long max, String unit, OptionalLong absent) implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.WHOLE;
    }

    /** The same, with another number for an absent one. */
    Whole absent(long number) {
      return new Whole(min, max, unit, OptionalLong.of(number));
    }

    /** The same; no number says what its absence says. */
    Whole unset() {
      return new Whole(min, max, unit, OptionalLong.empty());
    }
  }

  /**
   * A string.
   *
   * @param form what it has to look like
   * @param absent the text that stands for it; empty if none does
   */
  record Text(TextForm form, String absent) implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.TEXT;
    }
  }

  /**
   * An array.
   *
   * @param least so many items
   * @param most so many items, or entries of its objects; 0 if there is no limit
   * @param each what an item is
   */
  record Items(int least, int most, ItemShape each) implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.LIST;
    }
  }

  /** A number that is {@link Limits#AUTH_FAILED} or one of the user states. */
  record State() implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.WHOLE;
    }
  }

  /** Whatever there is. */
  record Anything() implements KeyValue {

    @Override
    public ValueType type() {
      return ValueType.ANY;
    }
  }

  /** A number; 0 stands for an absent one. */
  static Whole whole(long min, long max) {
    return whole(min, max, "");
  }

  /** A number that counts something; 0 stands for an absent one. */
  static Whole whole(long min, long max, String unit) {
    return new Whole(min, max, unit, OptionalLong.of(0));
  }

  /** A text of a form. */
  static Text text(TextForm form) {
    return text(form, "");
  }

  /** A text of a form, and the text that stands for an absent one. */
  static Text text(TextForm form, String absent) {
    return new Text(form, absent);
  }

  /** An array of any length. */
  static Items items(ItemShape each) {
    return items(0, 0, each);
  }

  /** An array of so many items. */
  static Items items(int least, int most, ItemShape each) {
    return new Items(least, most, each);
  }
}
